// Every kernel that is written once for all instruction sets, included by each inside of its own namespace.
#pragma once

#include "matmul.h"
#include "elementwise.h"
#include "cast.h"
#include "movement.h"
#include "unary.h"
#include "softmax.h"
#include "dynamic.h"
#include "reduce.h"
#include "arg_reduce.h"
#include "resize.h"
#include "pool.h"

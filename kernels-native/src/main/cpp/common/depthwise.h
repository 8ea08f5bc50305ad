// Depthwise convolutions. The instruction set brings DepthwiseQ8 and DepthwiseF32.
#pragma once

#include "depthwise_f32.h"
#include "depthwise_q8.h"

// Functions whose instructions are already written in a good order.
#pragma once

// GCC's scheduling before it allocates registers hoists the products of a whole step and then spills sums. Without it llvm-mca
// 19 gives these multiply-accumulates a cycle (there was no ARM machine to measure on): smull/smlal/sadalp on A53 3.4 instead of
// 2.6, A55 3.8 (3.2), A72 7.98 of 8 (7.5); sdot on A55 9.3 (6.9), N1 30.7 of 32 (27.7); smmla on N2 56.6 of 64 (47.8), on A510
// 14.0 (15.4). Flags for one core (-mtune) change none of these, so one schedule serves all. Other kernels lose on in-order cores.
#define OCELLI_ORDERED __attribute__((noinline, optimize("no-schedule-insns")))

// The machine's own limit for a multiply-accumulate instruction: independent chains on registers only, no memory.
// p[0] is the number of rounds; each does 12 instructions. p[1] takes something that depends on the result.
#pragma once

#include <cstring>

// Makes the compiler believe that a vector register has changed, so that no round can be left out.
#if defined(__x86_64__)
#define OCELLI_TOUCH(vector) __asm__ volatile("" : "+v"(vector))
#else
#define OCELLI_TOUCH(vector) __asm__ volatile("" : "+w"(vector))
#endif

template <typename V, V (*STEP)(V, V)>
static void peak(const int64_t* p, int32_t, int32_t, int32_t) {
  V acc[12], x;
  std::memset(&x, 0, sizeof x);
#pragma GCC unroll 12
  for (int a = 0; a < 12; a++) {
    acc[a] = x;
    // Equal chains would be computed once.
    OCELLI_TOUCH(acc[a]);
  }
  for (int64_t i = 0; i < p[0]; i++) {
    OCELLI_TOUCH(x);
#pragma GCC unroll 12
    for (int a = 0; a < 12; a++) {
      acc[a] = STEP(acc[a], x);
      // Keeps each chain in its register: the compiler moved them around (AVX-VNNI: 123 instead of 275 GMAC/s).
      OCELLI_TOUCH(acc[a]);
    }
  }
  V sum = acc[0];
#pragma GCC unroll 12
  for (int a = 1; a < 12; a++) sum = STEP(sum, acc[a]);
  std::memcpy(const_cast<int64_t*>(p) + 1, &sum, 8);
}

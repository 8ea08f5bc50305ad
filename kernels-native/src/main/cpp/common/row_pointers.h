// Rows of a left matrix that lie equally far apart, for instruction sets with sixteen general registers.
#pragma once

#include <cstdint>

// Every third row has a pointer; the two behind it are reached by the distance in an address. A pointer for each row is more
// than the registers hold, and the compiler then also spilled accumulators (V = 3: 65 GMAC/s instead of 105).
template <typename A, int H>
struct RowPointers {
  static constexpr int POINTERS = (H + 2) / 3;
  const uint8_t* third[POINTERS];
  int64_t distance;

  RowPointers(const A* a, int64_t stride) : distance(stride * int64_t(sizeof(A))) {
#pragma GCC unroll 16
    for (int i = 0; i < POINTERS; i++) third[i] = reinterpret_cast<const uint8_t*>(a) + 3 * i * distance;
  }

  const uint8_t* at(int h) const { return third[h / 3] + h % 3 * distance; }

  void next(int bytes) {
#pragma GCC unroll 16
    for (int i = 0; i < POINTERS; i++) {
      third[i] += bytes;
      // Hides the sum, or the compiler makes a pointer for each row again.
      asm("" : "+r"(third[i]));
    }
  }
};

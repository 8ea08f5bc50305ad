// Which tiers this library holds, and which of them this machine can run.
#include "kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
extern const OcelliTable ocelli_table_avx2;
extern const OcelliTable ocelli_table_avxvnni;
extern const OcelliTable ocelli_table_avx512vnni;
#elif defined(__aarch64__)
#include <sys/auxv.h>
extern const OcelliTable ocelli_table_neon;
extern const OcelliTable ocelli_table_neondot;
extern const OcelliTable ocelli_table_i8mm;
#endif

namespace {

const OcelliTable* table(int32_t tier) {
#if defined(__x86_64__)
  if (tier == TIER_AVX2) return &ocelli_table_avx2;
  if (tier == TIER_AVXVNNI) return &ocelli_table_avxvnni;
  if (tier == TIER_AVX512VNNI) return &ocelli_table_avx512vnni;
#elif defined(__aarch64__)
  if (tier == TIER_NEON) return &ocelli_table_neon;
  if (tier == TIER_NEONDOT) return &ocelli_table_neondot;
  if (tier == TIER_I8MM) return &ocelli_table_i8mm;
#endif
  return nullptr;
}

#if defined(__x86_64__)
uint64_t xcr0() {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t(high) << 32) | low;
}

bool bit(uint32_t word, int n) { return (word >> n) & 1; }

// CPUID says what the processor has, XCR0 which registers the system saves.
int32_t detect() {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !bit(c, 27) || !bit(c, 28) || !bit(c, 12)) return 0;  // OSXSAVE, AVX, FMA
  uint64_t saved = xcr0();
  if ((saved & 0x6) != 0x6 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  int32_t tiers = bit(b, 5) ? 1 << TIER_AVX2 : 0;
  bool avx512 = (saved & 0xe6) == 0xe6 && bit(b, 16) && bit(b, 17) && bit(b, 30) && bit(b, 31);  // F, DQ, BW, VL
  if (tiers && avx512 && bit(c, 11)) tiers |= 1 << TIER_AVX512VNNI;
  // The second leaf of features exists where the first one says so in EAX.
  if (tiers && a >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) && bit(a, 4)) tiers |= 1 << TIER_AVXVNNI;
  return tiers;
}
#elif defined(__aarch64__)
int32_t detect() {
  // HWCAP_ASIMDDP and HWCAP2_I8MM; not in the headers of the oldest supported glibc.
  const unsigned long asimddp = 1UL << 20, i8mm = 1UL << 13;
  int32_t tiers = 1 << TIER_NEON;
  if (getauxval(AT_HWCAP) & asimddp) {
    tiers |= 1 << TIER_NEONDOT;
    if (getauxval(AT_HWCAP2) & i8mm) tiers |= 1 << TIER_I8MM;
  }
  return tiers;
}
#else
int32_t detect() { return 0; }
#endif

}  // namespace

int32_t ocelli_tiers(void) { return detect(); }

int64_t ocelli_kernel(int32_t kernel, int32_t tier) {
  const OcelliTable* t = table(tier);
  return t && kernel >= 0 && kernel < KERNELS ? reinterpret_cast<int64_t>(t->fn[kernel]) : 0;
}

int32_t ocelli_packing(int32_t tier, int32_t which) {
  const OcelliTable* t = table(tier);
  if (!t) return 0;
  const int32_t sizes[] = {t->q8_block, t->q8_depth, t->q8_bytes, t->f32_block,
                           t->depthwise_bytes, t->depthwise_lanes, t->depthwise_taps, t->depthwise_lowest};
  return which >= 0 && which < 8 ? sizes[which] : 0;
}

void ocelli_call(int64_t fn, int64_t params, int32_t begin, int32_t end, int32_t worker) {
  reinterpret_cast<OcelliFn>(fn)(reinterpret_cast<const int64_t*>(params), begin, end, worker);
}

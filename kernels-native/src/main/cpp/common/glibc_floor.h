// Compiled in front of JavaCPP's bindings. glibc 2.34 moved these functions and gave them a new version; asked for by their
// first version they are found in every glibc, so that a library built on a new system loads on an old one.
#pragma once

#if defined(__x86_64__)
#define OCELLI_FIRST_GLIBC "GLIBC_2.2.5"
#elif defined(__aarch64__)
#define OCELLI_FIRST_GLIBC "GLIBC_2.17"
#endif

__asm__(".symver dlopen,dlopen@" OCELLI_FIRST_GLIBC);
__asm__(".symver dlsym,dlsym@" OCELLI_FIRST_GLIBC);
__asm__(".symver dlclose,dlclose@" OCELLI_FIRST_GLIBC);
__asm__(".symver dlerror,dlerror@" OCELLI_FIRST_GLIBC);

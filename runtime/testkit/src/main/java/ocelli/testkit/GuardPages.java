package ocelli.testkit;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandleProxies;
import java.util.Optional;

/** Memory between two pages without access rights, through {@code mmap} and {@code mprotect}. Linux only. */
final class GuardPages extends CaseMemory {
    private static final int PROT_NONE = 0;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;

    private final Calls calls = new Calls();
    private final boolean behind;

    GuardPages(boolean behind) {
        this.behind = behind;
    }

    /** Why there are no guard pages here, or nothing when there are. */
    static Optional<String> unavailable() {
        String os = System.getProperty("os.name");
        return os.equals("Linux") ? Optional.empty() : Optional.of("guard pages need Linux, this is " + os);
    }

    @Override
    MemorySegment allocate(long bytes, int alignment, boolean strict) {
        long page = calls.pageSize();
        long inner = Math.max((bytes + page - 1) / page * page, page);
        MemorySegment map = calls.map(inner + 2 * page, page, inner, this);
        MemorySegment block = map.asSlice(page, inner);
        long room = strict ? (bytes + alignment - 1) / alignment * alignment : bytes;
        return track(block, block.asSlice(behind ? inner - room : 0, bytes));
    }

    /** The functions of the C library, as interfaces so that a call has a signature. */
    @SuppressWarnings("restricted") // calling mmap is what this class is for
    private static final class Calls {
        private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

        private final Map mmap = find("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG), Map.class);
        private final Protect mprotect = find("mprotect", FunctionDescriptor.of(INT, LONG, LONG, INT), Protect.class);
        private final Unmap munmap = find("munmap", FunctionDescriptor.of(INT, LONG, LONG), Unmap.class);
        private final PageSize getpagesize = find("getpagesize", FunctionDescriptor.of(INT), PageSize.class);

        private static <T> T find(String name, FunctionDescriptor type, Class<T> signature) {
            Linker linker = Linker.nativeLinker();
            return MethodHandleProxies.asInterfaceInstance(signature,
                    linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), type));
        }

        long pageSize() {
            return getpagesize.call();
        }

        MemorySegment map(long bytes, long page, long inner, CaseMemory owner) {
            long address = mmap.call(0, bytes, PROT_NONE, MAP_PRIVATE_ANONYMOUS, -1, 0);
            if (address == -1) {
                throw new IllegalStateException("mmap of " + bytes + " bytes failed");
            }
            MemorySegment map = MemorySegment.ofAddress(address).reinterpret(bytes, owner.arena, m -> munmap.call(m.address(), bytes));
            if (mprotect.call(address + page, inner, PROT_READ_WRITE) != 0) {
                throw new IllegalStateException("mprotect of " + inner + " bytes failed");
            }
            return map;
        }
    }

    /** {@code mmap(2)}. */
    public interface Map {
        long call(long address, long bytes, int protection, int flags, int file, long offset);
    }

    /** {@code mprotect(2)}. */
    public interface Protect {
        int call(long address, long bytes, int protection);
    }

    /** {@code munmap(2)}. */
    public interface Unmap {
        int call(long address, long bytes);
    }

    /** {@code getpagesize(2)}. */
    public interface PageSize {
        int call();
    }
}

package ocelli.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceConfigurationError;
import ocelli.core.kernel.KernelProvider;
import ocelli.core.reference.ReferenceProvider;
import org.junit.jupiter.api.Test;

class EarlyKernelsTest {
    private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

    private List<KernelProvider> discover() {
        threads.add(Thread.currentThread());
        return List.of(new ReferenceProvider());
    }

    @Test
    void findsOnceWhenAsked() {
        EarlyKernels kernels = new EarlyKernels(this::discover);
        assertEquals(List.of(), threads);
        assertSame(kernels.get(), kernels.get());
        assertEquals(List.of(Thread.currentThread()), threads);
    }

    @Test
    void findsOnceOnAThreadThatDoesNotKeepTheProcess() {
        EarlyKernels kernels = new EarlyKernels(this::discover).begin();
        assertSame(kernels.get(), kernels.get());
        assertEquals(1, threads.size());
        // Whether the new thread or this one came first, the work was done once.
        threads.stream().filter(t -> t != Thread.currentThread()).forEach(t -> assertTrue(t.isDaemon()));
    }

    @Test
    void failuresAreThoseOfTheDiscovery() {
        ServiceConfigurationError error = new ServiceConfigurationError("broken");
        assertSame(error, assertThrows(ServiceConfigurationError.class, new EarlyKernels(() -> {
            throw error;
        }).begin()::get));
        IllegalStateException exception = new IllegalStateException("broken too");
        assertSame(exception, assertThrows(IllegalStateException.class, new EarlyKernels(() -> {
            throw exception;
        })::get));
    }
}

package ocelli.cli.eval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import ocelli.cli.Text;
import ocelli.vision.Detection;
import ocelli.vision.Detector;
import ocelli.vision.image.Frame;
import ocelli.vision.image.ImageFormatException;
import ocelli.vision.image.Images;

/** Runs detectors on many photos, one photo a thread: that keeps all cores busy where one network on all of them would wait. */
public final class PhotoRunner {
    private static final long BETWEEN_LINES_NANOS = 2_000_000_000L;

    private final List<Path> photos;
    private final Consumer<String> messages;
    private final AtomicInteger next = new AtomicInteger();
    private final long start = System.nanoTime();
    private int done;
    private long lastLine = start;

    /**
     * What was found in one photo.
     *
     * @param found    one list for each model; empty when the photo could not be read
     * @param trouble  why it could not be read
     */
    public record Seen(List<List<Detection>> found, Optional<String> trouble) {
    }

    /** @param messages gets a line every few seconds */
    public PhotoRunner(List<Path> photos, Consumer<String> messages) {
        this.photos = List.copyOf(photos);
        this.messages = messages;
    }

    /**
     * Looks at all photos.
     *
     * @param workers for each thread one detector of each model
     * @return one entry a photo
     */
    public List<Seen> run(List<List<Detector>> workers) {
        Seen[] all = new Seen[photos.size()];
        List<Future<?>> futures = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(workers.size())) {
            for (List<Detector> models : workers) {
                futures.add(pool.submit(() -> work(models, all)));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return List.of(all);
    }

    private void work(List<Detector> models, Seen[] all) {
        boolean finished = false;
        try {
            for (int i = next.getAndIncrement(); i < all.length; i = next.getAndIncrement()) {
                all[i] = look(models, photos.get(i));
                progress();
            }
            finished = true;
        } finally {
            if (!finished) {
                // The other threads stop at their next photo.
                next.set(photos.size());
            }
        }
    }

    private static Seen look(List<Detector> models, Path photo) {
        try {
            Frame frame = Images.read(photo);
            return new Seen(models.stream().map(m -> m.detect(frame)).toList(), Optional.empty());
        } catch (ImageFormatException e) {
            return new Seen(List.of(), Optional.of(e.getMessage()));
        } catch (IOException e) {
            return new Seen(List.of(), Optional.of(photo + ": " + Text.reason(e) + ", wanted a JPEG or PNG photo"));
        }
    }

    private synchronized void progress() {
        done++;
        long now = System.nanoTime();
        if (now - lastLine >= BETWEEN_LINES_NANOS && done < photos.size()) {
            lastLine = now;
            long left = (now - start) / done * (photos.size() - done);
            messages.accept(done + " of " + photos.size() + " photos, " + (left + 999_999_999L) / 1_000_000_000L + " s left");
        }
    }
}

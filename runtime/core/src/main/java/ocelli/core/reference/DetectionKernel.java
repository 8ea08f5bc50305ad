package ocelli.core.reference;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import ocelli.core.graph.DetectionPostProcess;
import ocelli.core.kernel.Kernel;
import ocelli.core.kernel.KernelMemory;
import ocelli.core.kernel.KernelRequest;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.TensorType;

/** The bound form of {@link DetectionPostProcessReference}: all arrays are made at bind, a run allocates nothing. */
final class DetectionKernel implements Kernel {
    private final DetectionPostProcess op;
    private final int anchors;
    private final int boxStride;
    private final int scoreStride;
    private final int background;
    private final Reader boxes;
    private final Reader scores;
    private final Reader anchorData;
    private final float[] foundBoxes;
    private final float[] foundClasses;
    private final float[] foundScores;
    private final float[] foundCount = new float[1];
    /** The arrays above as segments, then where each goes. */
    private final MemorySegment[] found;
    private final MemorySegment[] outputs;
    /** ymin, xmin, ymax, xmax of each anchor. */
    private final float[] decoded;
    private final float[] best;
    private final int[] order;
    private final int[] classOrder;
    private final int[] keptAnchor;
    private final int[] keptClass;
    private final float[] keptScore;
    private final int[] selected;

    DetectionKernel(DetectionPostProcess op, KernelRequest r, KernelMemory memory) {
        this.op = op;
        anchors = r.inputType(0).shape().dim(1);
        boxStride = r.inputType(0).shape().dim(2);
        scoreStride = r.inputType(1).shape().dim(2);
        background = scoreStride - op.classes();
        boxes = new Reader(r.inputType(0), memory.input(0));
        scores = new Reader(r.inputType(1), memory.input(1));
        anchorData = new Reader(r.inputType(2), memory.input(2));
        foundBoxes = new float[r.outputs().get(0).type().shape().elements()];
        foundClasses = new float[r.outputs().get(1).type().shape().elements()];
        foundScores = new float[r.outputs().get(2).type().shape().elements()];
        found = new MemorySegment[] {MemorySegment.ofArray(foundBoxes), MemorySegment.ofArray(foundClasses), MemorySegment.ofArray(foundScores),
            MemorySegment.ofArray(foundCount)};
        outputs = new MemorySegment[] {memory.output(0), memory.output(1), memory.output(2), memory.output(3)};
        decoded = new float[anchors * 4];
        best = new float[anchors];
        order = new int[anchors];
        classOrder = new int[op.classes()];
        int kept = op.maxDetections() + Math.min(op.detectionsPerClass(), anchors);
        keptAnchor = new int[kept];
        keptClass = new int[kept];
        keptScore = new float[kept];
        selected = new int[Math.max(op.maxDetections(), Math.min(op.detectionsPerClass(), anchors))];
    }

    /** Real values of a float32 or 8-bit tensor; 8-bit as (q − zero point) · scale in float32. */
    private static final class Reader {
        private final MemorySegment data;
        /** A copy of the data, of one kind or the other: first runs are interpreted, and there a segment costs many times an array. */
        private final MemorySegment copy;
        private final byte[] bytes;
        private final float[] floats;
        private final int mask;
        private final int zeroPoint;
        private final float scale;

        Reader(TensorType type, MemorySegment data) {
            boolean real = type.dtype() == DType.FLOAT32;
            this.data = data;
            bytes = new byte[real ? 0 : type.shape().elements()];
            floats = new float[real ? type.shape().elements() : 0];
            copy = real ? MemorySegment.ofArray(floats) : MemorySegment.ofArray(bytes);
            mask = Memory.signed(type.dtype()) ? -1 : 0xff;
            zeroPoint = real ? 0 : type.quant().zeroPoint();
            scale = real ? 1 : type.quant().scale();
        }

        void read() {
            copy.copyFrom(data);
        }

        float get(int i) {
            return bytes.length == 0 ? floats[i] : ((bytes[i] & mask) - zeroPoint) * scale;
        }
    }

    @Override
    public int tiles() {
        return 1;
    }

    @Override
    public void run(int begin, int end, int worker) {
        boxes.read();
        scores.read();
        anchorData.read();
        decode();
        Arrays.fill(foundBoxes, 0);
        Arrays.fill(foundClasses, 0);
        Arrays.fill(foundScores, 0);
        foundCount[0] = op.regularNms() ? regular() : fast();
        for (int i = 0; i < outputs.length; i++) {
            outputs[i].copyFrom(found[i]);
        }
    }

    private void decode() {
        for (int a = 0; a < anchors; a++) {
            float ay = anchorData.get(a * 4);
            float ax = anchorData.get(a * 4 + 1);
            float ah = anchorData.get(a * 4 + 2);
            float aw = anchorData.get(a * 4 + 3);
            int b = a * boxStride;
            float cy = boxes.get(b) / op.scaleY() * ah + ay;
            float cx = boxes.get(b + 1) / op.scaleX() * aw + ax;
            float halfH = 0.5f * (float) Math.exp(boxes.get(b + 2) / op.scaleH()) * ah;
            float halfW = 0.5f * (float) Math.exp(boxes.get(b + 3) / op.scaleW()) * aw;
            decoded[a * 4] = cy - halfH;
            decoded[a * 4 + 1] = cx - halfW;
            decoded[a * 4 + 2] = cy + halfH;
            decoded[a * 4 + 3] = cx + halfW;
        }
    }

    private float score(int anchor, int c) {
        return scores.get(anchor * scoreStride + background + c);
    }

    /** One suppression over the best class of each anchor. */
    private int fast() {
        for (int a = 0; a < anchors; a++) {
            best[a] = Float.NEGATIVE_INFINITY;
            for (int c = 0; c < op.classes(); c++) {
                best[a] = Math.max(best[a], score(a, c));
            }
        }
        int n = suppress(op.maxDetections());
        int written = 0;
        for (int i = 0; i < n; i++) {
            int a = selected[i];
            rankClasses(a);
            for (int k = 0; k < op.maxClassesPerDetection(); k++) {
                write(written++, a, classOrder[k], score(a, classOrder[k]));
            }
        }
        return written;
    }

    /** Suppression within each class, then the best of all classes. */
    private int regular() {
        int kept = 0;
        for (int c = 0; c < op.classes(); c++) {
            for (int a = 0; a < anchors; a++) {
                best[a] = score(a, c);
            }
            int n = suppress(Math.min(op.detectionsPerClass(), anchors));
            for (int i = 0; i < n; i++) {
                keptAnchor[kept + i] = selected[i];
                keptClass[kept + i] = c;
                keptScore[kept + i] = best[selected[i]];
            }
            kept = truncate(kept + n);
        }
        for (int i = 0; i < kept; i++) {
            write(i, keptAnchor[i], keptClass[i], keptScore[i]);
        }
        return kept;
    }

    /** Sorts the kept boxes by falling score, earlier ones first among equals, and drops those beyond the limit. */
    private int truncate(int n) {
        for (int i = 1; i < n; i++) {
            int anchor = keptAnchor[i];
            int cls = keptClass[i];
            float score = keptScore[i];
            int j = i;
            for (; j > 0 && keptScore[j - 1] < score; j--) {
                keptAnchor[j] = keptAnchor[j - 1];
                keptClass[j] = keptClass[j - 1];
                keptScore[j] = keptScore[j - 1];
            }
            keptAnchor[j] = anchor;
            keptClass[j] = cls;
            keptScore[j] = score;
        }
        return Math.min(n, op.maxDetections());
    }

    /** Greedy suppression by {@code best}: fills {@code selected}, highest score first, the lower index among equals. */
    private int suppress(int limit) {
        int candidates = 0;
        for (int a = 0; a < anchors; a++) {
            if (best[a] >= op.scoreThreshold()) {
                order[candidates++] = a;
            }
        }
        heapSort(candidates);
        int n = 0;
        for (int i = 0; i < candidates && n < limit; i++) {
            boolean free = true;
            for (int k = 0; k < n && free; k++) {
                free = iou(selected[k], order[i]) <= op.iouThreshold();
            }
            if (free) {
                selected[n++] = order[i];
            }
        }
        return n;
    }

    /** In place and without allocation; ties are told apart by index, so any sort gives the same order. */
    private void heapSort(int n) {
        for (int i = n / 2 - 1; i >= 0; i--) {
            sink(i, n);
        }
        for (int i = n - 1; i > 0; i--) {
            int last = order[i];
            order[i] = order[0];
            order[0] = last;
            sink(0, i);
        }
    }

    private void sink(int root, int n) {
        int i = root;
        while (2 * i + 1 < n) {
            int child = 2 * i + 1;
            if (child + 1 < n && before(order[child], order[child + 1])) {
                child++;
            }
            if (!before(order[i], order[child])) {
                return;
            }
            int swap = order[i];
            order[i] = order[child];
            order[child] = swap;
            i = child;
        }
    }

    private boolean before(int a, int b) {
        return best[a] > best[b] || best[a] == best[b] && a < b;
    }

    private float iou(int a, int b) {
        float areaA = area(a);
        float areaB = area(b);
        if (areaA <= 0 || areaB <= 0) {
            return 0;
        }
        float h = Math.min(decoded[a * 4 + 2], decoded[b * 4 + 2]) - Math.max(decoded[a * 4], decoded[b * 4]);
        float w = Math.min(decoded[a * 4 + 3], decoded[b * 4 + 3]) - Math.max(decoded[a * 4 + 1], decoded[b * 4 + 1]);
        float intersection = Math.max(h, 0) * Math.max(w, 0);
        return intersection / (areaA + areaB - intersection);
    }

    private float area(int a) {
        return (decoded[a * 4 + 2] - decoded[a * 4]) * (decoded[a * 4 + 3] - decoded[a * 4 + 1]);
    }

    /** The first {@code maxClassesPerDetection} entries of {@code classOrder} become the anchor's best classes. */
    private void rankClasses(int anchor) {
        for (int c = 0; c < classOrder.length; c++) {
            classOrder[c] = c;
        }
        for (int k = 0; k < op.maxClassesPerDetection(); k++) {
            int top = k;
            for (int c = k + 1; c < classOrder.length; c++) {
                float found = score(anchor, classOrder[c]);
                float kept = score(anchor, classOrder[top]);
                if (found > kept || found == kept && classOrder[c] < classOrder[top]) {
                    top = c;
                }
            }
            int swap = classOrder[k];
            classOrder[k] = classOrder[top];
            classOrder[top] = swap;
        }
    }

    private void write(int i, int anchor, int c, float score) {
        for (int k = 0; k < 4; k++) {
            foundBoxes[i * 4 + k] = decoded[anchor * 4 + k];
        }
        foundClasses[i] = c;
        foundScores[i] = score;
    }
}

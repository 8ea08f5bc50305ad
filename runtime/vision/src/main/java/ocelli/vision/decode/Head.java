package ocelli.vision.decode;

import java.util.List;
import ocelli.core.tensor.Tensor;

/** What the outputs of a detector mean. A value; {@link #bind} makes the decoder that does the work. */
public sealed interface Head permits SsdHead, PostProcessHead, FomoHead, YoloV5Head, YoloV5RawHead, YoloV8Head, YoloxHead,
        YoloFastestV2Head, FastestDetHead, DistributionHead, PriorHead, CornerHead, YunetHead, ScrfdHead, CenterNetHead, DetrHead,
        EndToEndHead, EndToEndRowsHead {
    /** Name for messages and for choosing a head by hand. */
    String name();

    /** Columns of class scores including a background column, or 0 when the outputs do not tell. */
    int classes();

    /** Whether class 0 is the background and never reported. */
    boolean background();

    /**
     * @param outputs   the session's output tensors, read anew in every call of the decoder
     * @param width     width of the model's input
     * @param height    height of the model's input
     * @param threshold smallest score of a reported box, 0…1
     * @throws IllegalArgumentException when the outputs do not have the shapes or types of this head
     */
    Decoder bind(List<Tensor> outputs, int width, int height, float threshold);
}

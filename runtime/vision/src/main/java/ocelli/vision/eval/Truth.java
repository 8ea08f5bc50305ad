package ocelli.vision.eval;

/**
 * An object that is in a photo, as people have annotated it.
 *
 * @param photo     index into the photos of the {@link Dataset}
 * @param category  index into its categories
 * @param area      square pixels that decide whether it is small, medium or large; with COCO those of the outline, not the box
 * @param crowd     stands for many objects: detections in it are neither right nor wrong
 * @param difficult Pascal VOC's mark: finding it is neither right nor wrong; COCO's measures do not know it
 */
public record Truth(int photo, int category, EvalBox box, double area, boolean crowd, boolean difficult) {
    /** Whether Pascal VOC's measure and the confusion summary leave it out. */
    boolean optional() {
        return crowd || difficult;
    }
}

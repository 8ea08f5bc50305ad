package ocelli.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ocelli.formats.NotSupported;
import ocelli.core.graph.Activation;
import ocelli.core.graph.Conv2d;
import ocelli.core.graph.ConvInteger;
import ocelli.core.graph.ConvTranspose2d;
import ocelli.core.graph.DeformConv2d;
import ocelli.core.graph.DepthwiseConv2d;
import ocelli.core.graph.FullyConnected;
import ocelli.core.graph.GridSample;
import ocelli.core.graph.LocalResponseNormalization;
import ocelli.core.graph.MatMul;
import ocelli.core.graph.MatMulInteger;
import ocelli.core.graph.MaxPoolIndices;
import ocelli.core.graph.Node;
import ocelli.core.graph.Pool2d;
import ocelli.core.graph.Resize;
import ocelli.core.graph.RoiAlign;
import ocelli.core.graph.Sampling;
import ocelli.core.graph.Value;
import ocelli.core.graph.Window;
import ocelli.core.tensor.DType;
import ocelli.core.tensor.Shape;

/** Writes products and the image operators, whose ONNX forms are NCHW. */
final class OnnxWindowWriter {
    private final OnnxNodeWriter nodes;
    private final OnnxFile file;
    private final OnnxNames names;

    OnnxWindowWriter(OnnxNodeWriter nodes, OnnxFile file, OnnxNames names) {
        this.nodes = nodes;
        this.file = file;
        this.names = names;
    }

    /** Writes one node; false when it is none of this writer's. */
    boolean write(Node n) {
        switch (n.op()) {
            case Conv2d c -> convolution(n, "Conv", weights(n), window(c.window(), c.groups()), c.activation());
            case DepthwiseConv2d d -> convolution(n, "Conv", depthwiseWeights(n), window(d.window(), n.input(0).type().shape().dim(3)), d.activation());
            case ConvTranspose2d t -> {
                Map<String, Object> attributes = window(t.window(), t.groups());
                attributes.put("output_padding", List.of(t.extraH(), t.extraW()));
                convolution(n, "ConvTranspose", transposedWeights(n, t.groups()), attributes, t.activation());
            }
            case DeformConv2d d -> deformable(n, d);
            case ConvInteger c -> planar(n, nodes.emit(n, "ConvInteger", window(c.window(), c.groups()), names.planar(n.input(0)),
                    weights(n), names.of(n.input(2)), names.of(n.input(3))));
            case FullyConnected f -> fullyConnected(n, f);
            case MatMul _ -> nodes.bind(n, nodes.emit(n, "MatMul", Map.of(), nodes.reals(n)));
            case MatMulInteger _ -> nodes.bind(n, nodes.emit(n, "MatMulInteger", Map.of(), n.inputs().stream().map(names::of).toArray(String[]::new)));
            case Pool2d p -> {
                Map<String, Object> attributes = window(p.window(), 1);
                attributes.remove("group");
                String op = p.kind() == Pool2d.Kind.MAX ? "MaxPool" : "AveragePool";
                planar(n, nodes.clamp(n, nodes.emit(n, op, attributes, names.realPlanar(n.input(0))), p.activation()));
            }
            case MaxPoolIndices p -> {
                Map<String, Object> attributes = window(p.window(), 1);
                attributes.remove("group");
                attributes.put("storage_order", p.columnMajor() ? 1 : 0);
                List<String> made = nodes.emit(n, 2, "MaxPool", attributes, names.realPlanar(n.input(0)));
                nodes.bind(n.outputs().get(0), made.get(0), true);
                nodes.bind(n.outputs().get(1), made.get(1), true);
            }
            case Resize r -> resize(n, r);
            case GridSample g -> planar(n, nodes.emit(n, "GridSample", Map.of("mode", switch (g.filter()) {
                case NEAREST -> "nearest";
                case BILINEAR -> "bilinear";
                case BICUBIC -> "bicubic";
            }, "padding_mode", g.padding().name().toLowerCase(Locale.ROOT), "align_corners", g.alignCorners() ? 1 : 0),
                    names.realPlanar(n.input(0)), names.of(n.input(1))));
            case RoiAlign r -> planar(n, nodes.emit(n, "RoiAlign", Map.of("mode", r.average() ? "avg" : "max", "output_height", r.outH(),
                    "output_width", r.outW(), "sampling_ratio", r.samplingRatio(), "spatial_scale", r.spatialScale(),
                    "coordinate_transformation_mode", r.halfPixel() ? "half_pixel" : "output_half_pixel"),
                    names.realPlanar(n.input(0)), names.of(n.input(1)), names.of(n.input(2))));
            case LocalResponseNormalization l when n.input(0).type().shape().rank() == 4 -> planar(n, nodes.emit(n, "LRN",
                    Map.of("size", l.size(), "alpha", l.alpha(), "beta", l.beta(), "bias", l.bias()), names.realPlanar(n.input(0))));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void planar(Node n, String tensor) {
        nodes.bind(n.output(), tensor, true);
    }

    private void convolution(Node n, String op, String weights, Map<String, Object> attributes, Activation activation) {
        List<String> in = new ArrayList<>(List.of(names.realPlanar(n.input(0)), weights));
        if (n.inputs().size() > 2) {
            in.add(flat(n, names.bias(n.input(2), n.input(0), n.input(1)), n.input(2)));
        }
        planar(n, nodes.clamp(n, nodes.emit(n, op, attributes, in.toArray(String[]::new)), activation));
    }

    /** A bias may have any shape with the right number of elements; ONNX wants one dimension. */
    private String flat(Node n, String bias, Value v) {
        return v.type().shape().rank() == 1 || v.type().dtype() == DType.INT32 ? bias
                : nodes.emit(n, "Reshape", Map.of(), bias, file.ints("shape", List.of(-1)));
    }

    private static Map<String, Object> window(Window w, int groups) {
        Map<String, Object> attributes = new HashMap<>(Map.of("kernel_shape", List.of(w.kernelH(), w.kernelW()),
                "strides", List.of(w.strideH(), w.strideW()),
                "pads", List.of(w.padTop(), w.padLeft(), w.padBottom(), w.padRight()), "group", groups));
        // ONNX Runtime's quantised average pool does not know the attribute.
        if (w.dilationH() > 1 || w.dilationW() > 1) {
            attributes.put("dilations", List.of(w.dilationH(), w.dilationW()));
        }
        return attributes;
    }

    /** [O,kH,kW,C/groups] → [O,C/groups,kH,kW]. */
    private String weights(Node n) {
        return real(n, names.planar(n.input(1)), 0);
    }

    /** [1,kH,kW,C·m] → [C·m,1,kH,kW]. */
    private String depthwiseWeights(Node n) {
        return real(n, nodes.emit(n, "Transpose", Map.of("perm", List.of(3, 0, 1, 2)), names.of(n.input(1))), 0);
    }

    /** [O,kH,kW,C/groups] → [C,O/groups,kH,kW]: the channels of a group stand together on both sides. */
    private String transposedWeights(Node n, int groups) {
        Shape w = n.input(1).type().shape();
        String split = nodes.emit(n, "Reshape", Map.of(), names.of(n.input(1)),
                file.ints("shape", List.of(groups, w.dim(0) / groups, w.dim(1), w.dim(2), w.dim(3))));
        String turned = nodes.emit(n, "Transpose", Map.of("perm", List.of(0, 4, 1, 2, 3)), split);
        String merged = nodes.emit(n, "Reshape", Map.of(), turned, file.ints("shape", List.of(groups * w.dim(3), w.dim(0) / groups, w.dim(1), w.dim(2))));
        if (n.input(1).type().quant().isPerAxis() && groups > 1) {
            throw new NotSupported("weights of a grouped transposed convolution are quantised per channel");
        }
        return real(n, merged, 1);
    }

    /** Dequantises weights whose output channels stand on this axis now. */
    private String real(Node n, String weights, int axis) {
        Value w = n.input(1);
        return w.type().isQuantized8() && !(n.op() instanceof ConvInteger)
                ? names.dequantize(weights, w.type(), w.type().quant().isPerAxis() ? axis : -1, w.name()) : weights;
    }

    private void deformable(Node n, DeformConv2d d) {
        Map<String, Object> attributes = window(d.window(), d.groups());
        attributes.put("offset_group", d.offsetGroups());
        List<String> in = new ArrayList<>(List.of(names.planar(n.input(0)), weights(n), names.planar(n.input(2)),
                flat(n, names.of(n.input(3)), n.input(3))));
        if (n.inputs().size() > 4) {
            in.add(names.planar(n.input(4)));
        }
        planar(n, nodes.clamp(n, nodes.emit(n, "DeformConv", attributes, in.toArray(String[]::new)), d.activation()));
    }

    private void fullyConnected(Node n, FullyConnected f) {
        Shape w = n.input(1).type().shape();
        Shape x = n.input(0).type().shape();
        String matrix = x.rank() == 2 && x.dim(1) == w.dim(1) ? names.real(n.input(0))
                : nodes.emit(n, "Reshape", Map.of(), names.real(n.input(0)), file.ints("shape", List.of(-1, w.dim(1))));
        List<String> in = new ArrayList<>(List.of(matrix, real(n, names.of(n.input(1)), 0)));
        if (n.inputs().size() > 2) {
            in.add(flat(n, names.bias(n.input(2), n.input(0), n.input(1)), n.input(2)));
        }
        String y = nodes.clamp(n, nodes.emit(n, "Gemm", Map.of("transB", 1), in.toArray(String[]::new)), f.activation());
        Shape out = n.output().type().shape();
        nodes.bind(n, out.rank() == 2 ? y : nodes.emit(n, "Reshape", Map.of(), y,
                file.ints("shape", Arrays.stream(out.toArray()).boxed().toList())));
    }

    private void resize(Node n, Resize r) {
        Sampling rule = r.rule();
        boolean crop = rule.coordinates() == Sampling.Coordinates.CROP;
        Map<String, Object> attributes = new HashMap<>(Map.of("mode", switch (r.kind()) {
            case NEAREST -> "nearest";
            case BILINEAR -> "linear";
            case CUBIC -> "cubic";
        }, "coordinate_transformation_mode", switch (rule.coordinates()) {
            case ASYMMETRIC -> "asymmetric";
            case HALF_PIXEL -> "half_pixel";
            case HALF_PIXEL_PYTORCH -> "pytorch_half_pixel";
            case HALF_PIXEL_NEAREST -> "half_pixel";
            case ALIGN_CORNERS -> "align_corners";
            case CROP -> "tf_crop_and_resize";
        }, "nearest_mode", rule.coordinates() == Sampling.Coordinates.HALF_PIXEL_NEAREST ? halfPixelNearest(rule) : switch (rule.rounding()) {
            case FLOOR -> "floor";
            case CEIL -> "ceil";
            case HALF_DOWN -> "round_prefer_floor";
            case HALF_UP -> "round_prefer_ceil";
        }, "cubic_coeff_a", rule.cubic(), "exclude_outside", rule.excludeOutside() ? 1 : 0));
        if (crop) {
            attributes.put("extrapolation_value", rule.outside());
        }
        String roi = crop ? file.floats("roi", 0, 0, rule.crop().get(0), rule.crop().get(1), 1, 1, rule.crop().get(2), rule.crop().get(3)) : "";
        Shape x = n.input(0).type().shape();
        boolean scales = rule.scaleH() > 0 && rule.scaleW() > 0;
        String[] in = scales ? new String[] {names.realPlanar(n.input(0)), roi, file.floats("scales", 1, 1, rule.scaleH(), rule.scaleW())}
                : new String[] {names.realPlanar(n.input(0)), roi, "", file.ints("sizes", List.of(x.dim(0), x.dim(3), r.outH(), r.outW()))};
        planar(n, nodes.emit(n, "Resize", attributes, in));
    }

    /** floor((i + ½)·s) is (i + ½)·s − ½ rounded to nearest, halves up. */
    private static String halfPixelNearest(Sampling rule) {
        if (rule.rounding() != Sampling.Rounding.FLOOR) {
            throw new NotSupported("ONNX has half-pixel places without the half pixel for the floor only");
        }
        return "round_prefer_ceil";
    }
}

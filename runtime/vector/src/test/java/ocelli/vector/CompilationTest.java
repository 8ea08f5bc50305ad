package ocelli.vector;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Methods that C2 has to compile by themselves, for inlined into their callers they bring these beyond what one compilation
 * takes, and vectors become objects. C2 inlines no method of more than 325 bytecodes (FreqInlineSize).
 */
class CompilationTest {
    private static final int INLINED = 325;

    @ParameterizedTest
    @CsvSource({"PaddedRows,convert", "Requantize,column", "DepthwiseKernel,eight", "ConvKernel,block", "FunctionRow,vectors",
        "FloatGemm,six", "FloatGemm,eight", "FloatGemm,pairs", "SumKernel,row", "FloatSumKernel,row", "ProductKernel,row", "FloatBinaryKernel,row"})
    void isTooLongToBeInlined(String type, String method) throws IOException, ClassNotFoundException {
        int bytes = bytecodes(Class.forName("ocelli.vector." + type, false, getClass().getClassLoader()), method);
        assertTrue(bytes > INLINED, type + "." + method + " has " + bytes + " bytes of code, wanted more than " + INLINED);
    }

    private static int bytecodes(Class<?> type, String method) throws IOException {
        try (InputStream in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            return ClassFile.of().parse(in.readAllBytes()).methods().stream().filter(m -> m.methodName().equalsString(method))
                    .map(MethodModel::code).mapToInt(code -> ((CodeAttribute) code.orElseThrow()).codeLength()).max().orElseThrow();
        }
    }
}

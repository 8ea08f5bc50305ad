package ocelli.bench;

import java.util.List;
import ocelli.core.graph.Graph;
import ocelli.core.run.Session;
import ocelli.core.run.SessionOptions;
import ocelli.core.tensor.Tensor;

/** Ocelli with one kind of kernels, and the slower kinds for what that one cannot do. */
record OcelliContender(String name, Session session) implements Contender {
    /** The first letters of Ocelli's rows; the kind of kernels follows. */
    static final String PREFIX = "ocelli ";

    /** Opens a session and copies the inputs. */
    static OcelliContender open(Graph graph, String kind, int threads, List<Tensor> inputs) {
        List<String> order = SessionOptions.DEFAULT_ORDER;
        Session session = Session.open(graph, SessionOptions.defaults().withThreads(threads)
                .withProviders(order.subList(order.indexOf(kind), order.size())));
        for (int i = 0; i < inputs.size(); i++) {
            session.inputs().get(i).data().copyFrom(inputs.get(i).data());
        }
        return new OcelliContender(PREFIX + kind, session);
    }

    @Override
    public void run() {
        session.run();
    }

    @Override
    public List<Tensor> outputs() {
        return session.outputs();
    }

    @Override
    public void close() {
        session.close();
    }
}

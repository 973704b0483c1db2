package org.slipway.cli.top;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slipway.cli.top.Snapshot.Counters;
import org.slipway.cli.top.Snapshot.Flow;
import org.slipway.tcp.TcpState;

class TablesTest {

    private static final int STATE = 4;

    /** What the control protocol has is the name of the state. */
    @ParameterizedTest
    @EnumSource(TcpState.class)
    void everyStateFitsIntoItsColumn(TcpState state) {
        Flow flow = new Flow("tcp1", state.name(), false, null, "a:1", "b:2", 0, Counters.ZERO, null);
        Table table = Tables.flows(new Traffic()
                .update(Samples.snapshot(1, List.of(), List.of(flow)))
                .flows());
        assertThat(table.columns().get(STATE).head()).isEqualTo("STATE");
        assertThat(table.rows().get(0).get(STATE))
                .matches("[A-Z0-9-]+")
                .hasSizeLessThanOrEqualTo(table.columns().get(STATE).width());
    }
}

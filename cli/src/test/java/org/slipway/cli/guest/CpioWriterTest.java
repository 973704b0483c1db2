package org.slipway.cli.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class CpioWriterTest {

    @Test
    void entryIsAHeaderOfHexadecimalFieldsItsNameAndItsContent() {
        byte[] archive = new CpioWriter()
                .file("etc/a", "hello".getBytes(StandardCharsets.US_ASCII))
                .finish();
        String expected = "070701"
                + "00000001" // inode
                + "000081ed" // regular file, rwxr-xr-x
                + "00000000" // owner
                + "00000000" // group
                + "00000001" // links
                + "00000000" // time
                + "00000005" // length
                + "00000000" + "00000000" // device of the archive
                + "00000000" + "00000000" // device
                + "00000006" // length of the name
                + "00000000" // checksum
                + "etc/a\0" + "hello\0\0\0";
        assertThat(new String(archive, StandardCharsets.US_ASCII)).startsWith(expected + "07070100000002");
    }

    @Test
    void deviceHasItsNumbers() {
        String archive = new String(new CpioWriter().device("dev/console", 5, 1).finish(), StandardCharsets.US_ASCII);
        assertThat(archive.substring(14, 22)).isEqualTo("00002180");
        assertThat(archive.substring(78, 94)).isEqualTo("0000000500000001");
    }

    @Test
    void everythingIsAlignedToFourBytes() {
        for (int length = 1; length <= 8; length++) {
            byte[] archive = new CpioWriter()
                    .directory("d".repeat(length))
                    .file("f", new byte[length])
                    .finish();
            String text = new String(archive, StandardCharsets.ISO_8859_1);
            assertThat(archive.length % 4).isZero();
            assertThat(text.lastIndexOf("070701") % 4).isZero();
            assertThat(text).contains("TRAILER!!!\0");
        }
    }
}

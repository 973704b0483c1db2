package org.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.gateway.SmbShare;

class SmbOptionTest {

    @TempDir
    Path directory;

    private Ports ports(String options) {
        return PortStrings.parse(List.of("user," + options.replace("DIR", directory.toString())), name -> {
            throw new AssertionError(name);
        });
    }

    private SmbShare share(String options) {
        return Objects.requireNonNull(ports(options).gateway()).services().smb();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smb=DIR | [10.0.2.4, fd00::4]",
                "smb=DIR,ipv6=off | [10.0.2.4]",
                "smb=DIR,ipv4=off | [fd00::4]",
                "smb=DIR,net=192.168.7.0/24,ipv6=off | [192.168.7.4]",
                // As libslirp has it in networks that large.
                "smb=DIR,net=10.0.0.0/16,ipv6=off | [10.0.2.4]",
                "smb=DIR,smbserver=10.0.2.77 | [10.0.2.77]",
                "smb=DIR,smbserver=fd00::77 | [fd00::77]",
                "smb=DIR,guestfwd=tcp::80-cmd:cat,restrict=on | [10.0.2.4, fd00::4]",
            })
    void shareIsAtTheFourthAddressOrWhereItIsSaid(String options, String servers) {
        assertThat(share(options).servers()).hasToString(servers);
        assertThat(share(options).directory()).isEqualTo(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "smb=DIR/no | Error accessing shared directory 'DIR/no': No such file or directory",
                "smb=DIR/file | Error accessing shared directory 'DIR/file': Not a directory",
                "smb= | Error accessing shared directory '': No such file or directory",
                "smb=DIR,smb=DIR | Parameter 'smb' is given twice",
                "smb=DIR,smbserver=x | Failed to parse SMB address 'x'",
                "smb=DIR,smbserver=10.0.3.4 | Conflicting/invalid smbserver address: 10.0.3.4 is not a free address",
                "smb=DIR,smbserver=10.0.2.2 | Conflicting/invalid smbserver address: 10.0.2.2 is not a free address",
                "smb=DIR,smbserver=10.0.2.3 | Conflicting/invalid smbserver address: 10.0.2.3 is not a free address",
                "smb=DIR,smbserver=10.0.2.255 | Conflicting/invalid smbserver address: 10.0.2.255 is not a free",
                "smb=DIR,smbserver=fd00::3 | Conflicting/invalid smbserver address: fd00::3 is not a free address",
                "smb=DIR,dns=10.0.2.4 | Conflicting/invalid smbserver address: 10.0.2.4 is not a free address",
                "smb=DIR,guestfwd=tcp::445-cmd:cat | Conflicting/invalid smbserver address: 10.0.2.4 is that of guestfwd=tcp::445-cmd:cat",
                "smb=DIR,guestfwd=tcp:[fd00::4]:139-cmd:cat | Conflicting/invalid smbserver address: fd00::4 is that of",
            })
    void whatIsWrongIsNamed(String options, String message) throws Exception {
        Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> share(options))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(message.replace("DIR", directory.toString()));
    }

    @Test
    void directoryThatMayNotBeReadIsRefused() throws Exception {
        Path closed = Files.createDirectory(directory.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
        org.junit.jupiter.api.Assumptions.assumeFalse(Files.isReadable(closed), "skipped: root may read all");
        assertThatThrownBy(() -> share("smb=DIR/closed"))
                .hasMessageContaining("Error accessing shared directory '" + closed + "': Permission denied");
    }

    @Test
    void commaInANameIsWrittenTwiceAndAnyOtherCharacterOnce() throws Exception {
        Path odd = Files.createDirectory(directory.resolve("a,b %U\"\n"));
        assertThat(share("smb=DIR/a,,b %U\"\n").directory()).isEqualTo(odd);
    }

    @Test
    void serverWithoutADirectoryIsNoted() {
        Ports ports = ports("smbserver=10.0.2.4");
        assertThat(Objects.requireNonNull(ports.gateway()).services().smb()).isNull();
        assertThat(ports.notes()).contains("smbserver=10.0.2.4 without smb=DIR: nothing is there");
    }
}

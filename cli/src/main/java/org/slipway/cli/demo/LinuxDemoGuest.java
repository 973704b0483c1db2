package org.slipway.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slipway.cli.guest.CommandResult;
import org.slipway.cli.guest.GuestException;
import org.slipway.cli.guest.GuestImage;
import org.slipway.cli.guest.GuestOptions;
import org.slipway.cli.guest.GuestParts;
import org.slipway.cli.guest.LinuxGuest;
import org.slipway.service.PrivateDirectory;

/** A real guest: a Linux kernel with busybox in QEMU. */
final class LinuxDemoGuest implements DemoGuest {

    private static final Pattern LEASED = Pattern.compile("lease of (\\S+) obtained");
    private static final Pattern PING_SUMMARY = Pattern.compile("(\\d+) packets transmitted, (\\d+) packets received");
    private static final Pattern ROUND_TRIP = Pattern.compile("min/avg/max = \\S+/(\\S+)/\\S+ ms");
    private static final Pattern ADDRESS = Pattern.compile("Address(?: \\d+)?:\\s+([0-9.]+)$", Pattern.MULTILINE);

    private final PrivateDirectory directory;
    private final LinuxGuest guest;

    private LinuxDemoGuest(PrivateDirectory directory, LinuxGuest guest) {
        this.directory = directory;
        this.guest = guest;
    }

    /** Boots a guest made of {@code parts} that plugs into the network's socket. */
    static LinuxDemoGuest boot(GuestParts parts, InetSocketAddress socket) {
        PrivateDirectory directory = temporaryDirectory();
        try {
            GuestImage image = GuestImage.build(parts, directory.path().resolve("initramfs"));
            String netdev = "socket,id=n0,connect=" + socket.getAddress().getHostAddress() + ":" + socket.getPort();
            return new LinuxDemoGuest(
                    directory,
                    LinuxGuest.boot(GuestOptions.of(image, directory.path()).withNetdev(netdev)));
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static PrivateDirectory temporaryDirectory() {
        try {
            return PrivateDirectory.create("slipway-demo");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String run(String command) {
        try {
            CommandResult result = guest.run(command);
            if (!result.ok()) {
                throw new StepException("'" + command + "' in the guest says: "
                        + result.output().strip().replaceAll("\\s*\\R\\s*", "; "));
            }
            return result.output();
        } catch (GuestException e) {
            throw new StepException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String first(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new StepException(
                    "the guest's answer is not understood: " + output.strip().replaceAll("\\s*\\R\\s*", "; "));
        }
        return matcher.group(1);
    }

    @Override
    public String lease() {
        return first(LEASED, run("udhcpc -i eth0 -n -q"));
    }

    @Override
    public String ping(String address) {
        String output = run("ping -c 3 -i 0.2 " + address);
        Matcher summary = PING_SUMMARY.matcher(output);
        if (!summary.find() || !summary.group(1).equals(summary.group(2))) {
            throw new StepException("pings were lost: " + output.strip().replaceAll("\\s*\\R\\s*", "; "));
        }
        return summary.group(2) + " replies, " + first(ROUND_TRIP, output) + " ms on average";
    }

    @Override
    public String resolve(String name) {
        String output = run("nslookup -type=a " + name);
        List<String> addresses =
                ADDRESS.matcher(output).results().map(found -> found.group(1)).toList();
        if (addresses.isEmpty()) {
            throw new StepException(
                    "no address in the answer: " + output.strip().replaceAll("\\s*\\R\\s*", "; "));
        }
        return addresses.get(addresses.size() - 1);
    }

    @Override
    public String fetch(String address, int port) {
        return run("wget -q -O - http://" + address + ":" + port + "/").strip();
    }

    @Override
    public void serve(int port, String page) {
        run("echo '" + page + "' > /www/index.html && httpd -p " + port + " -h /www");
    }

    @Override
    public void close() {
        guest.close();
        directory.close();
    }
}

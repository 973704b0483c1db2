package org.slipway.cli.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The loadable modules of one kernel, as depmod listed them. */
final class KernelModules {

    private static final List<String> SUFFIXES = List.of(".ko", ".ko.xz", ".ko.gz", ".ko.zst");

    private final Path directory;

    /** Paths below {@link #directory}, by the name of the module. */
    private final Map<String, String> paths = new HashMap<>();

    /** The paths each path needs to be loaded first, the last one first. */
    private final Map<String, List<String>> dependencies = new HashMap<>();

    private final Set<String> builtIn = new LinkedHashSet<>();

    private KernelModules(Path directory) {
        this.directory = directory;
    }

    /** Reads the lists in {@code directory}, which is {@code /lib/modules/RELEASE}. */
    static KernelModules read(Path directory) {
        KernelModules modules = new KernelModules(directory);
        try {
            for (String line : Files.readAllLines(directory.resolve("modules.dep"))) {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    modules.add(
                            line.substring(0, colon), line.substring(colon + 1).trim());
                }
            }
            for (String line : Files.readAllLines(directory.resolve("modules.builtin"))) {
                modules.builtIn.add(name(line.trim()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return modules;
    }

    private void add(String path, String needed) {
        paths.put(name(path), path);
        dependencies.put(path, needed.isEmpty() ? List.of() : List.of(needed.split(" +")));
    }

    /** The kernel takes '-' and '_' in names for the same. */
    private static String name(String path) {
        String file = path.substring(path.lastIndexOf('/') + 1).replace('-', '_');
        for (String suffix : SUFFIXES) {
            if (file.endsWith(suffix)) {
                return file.substring(0, file.length() - suffix.length());
            }
        }
        return file;
    }

    /**
     * The files to load for {@code names}, in the order of loading; what is built into the kernel is left out.
     *
     * @throws GuestException if the kernel has one of them neither way
     */
    List<Path> inLoadingOrder(List<String> names) {
        Set<String> order = new LinkedHashSet<>();
        for (String name : names) {
            String path = paths.get(name);
            if (path != null) {
                addWithDependencies(path, order);
            } else if (!builtIn.contains(name)) {
                throw new GuestException("the kernel of " + directory + " has no module " + name);
            }
        }
        return order.stream().map(directory::resolve).toList();
    }

    private void addWithDependencies(String path, Set<String> order) {
        List<String> needed = dependencies.getOrDefault(path, List.of());
        for (int i = needed.size() - 1; i >= 0; i--) {
            order.add(needed.get(i));
        }
        order.add(path);
    }

    /** The release that a kernel image for x86 says it is ("6.1.0-13-amd64"), or null if it is no such image. */
    static @Nullable String releaseOf(byte[] image) {
        // The kernel's Documentation/arch/x86/boot.rst: "HdrS" at 0x202; at 0x20e where the version is, less 0x200.
        if (image.length < 0x210 || littleEndian(image, 0x202, 4) != 0x5372_6448) {
            return null;
        }
        int start = littleEndian(image, 0x20e, 2) + 0x200;
        StringBuilder release = new StringBuilder();
        for (int i = start; i < image.length && image[i] > ' '; i++) {
            release.append((char) image[i]);
        }
        return release.isEmpty() ? null : release.toString();
    }

    private static int littleEndian(byte[] bytes, int at, int length) {
        int value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | bytes[at + i] & 0xff;
        }
        return value;
    }
}

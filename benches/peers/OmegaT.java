import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.omegat.core.Core;
import org.omegat.core.data.IProject;
import org.omegat.core.data.ProjectProperties;
import org.omegat.core.data.RealProject;
import org.omegat.core.matching.NearString;
import org.omegat.core.statistics.FindMatches;
import org.omegat.util.ProjectFileStorage;
import org.omegat.util.RuntimePreferences;

/**
 * OmegaT's own fuzzy search (the class behind its Matches pane), without its window, with the row of {@code dhakira-peers}.
 *
 * <p>{@code java -Djava.awt.headless=true -cp OmegaT.jar:... OmegaT.java FOLDER LANG UNITS [MOST]}: the first UNITS lines of
 * FOLDER/memory.LANG.txt are the memory. Its five nearest at 70 or better, by its own tokenizer and score.
 */
public class OmegaT {
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        String lang = arguments[1];
        int units = Integer.parseInt(arguments[2]);
        int most = arguments.length > 3 ? Integer.parseInt(arguments[3]) : Integer.MAX_VALUE;
        List<String> memory = lines(folder.resolve("memory." + lang + ".txt"));
        memory = memory.subList(0, Math.min(units, memory.size()));

        File project = Files.createTempDirectory("omegat").toFile();
        for (String name : new String[] {"source", "target", "tm", "glossary", "dictionary", "omegat"}) {
            new File(project, name).mkdirs();
        }
        String other = lang.equals("ar") ? "EN" : "AR";
        Files.writeString(project.toPath().resolve("source/a.txt"), "x\n");
        Files.writeString(project.toPath().resolve("omegat.project"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><omegat><project version=\"1.0\">"
            + "<source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>"
            + "<glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file>"
            + "<dictionary_dir>__DEFAULT__</dictionary_dir><source_lang>" + lang.toUpperCase() + "</source_lang>"
            + "<target_lang>" + other + "</target_lang><source_tok>org.omegat.tokenizer.DefaultTokenizer</source_tok>"
            + "<target_tok>org.omegat.tokenizer.DefaultTokenizer</target_tok><sentence_seg>true</sentence_seg>"
            + "<support_default_translations>true</support_default_translations><remove_tags>false</remove_tags>"
            + "</project></omegat>");
        StringBuilder tmx = new StringBuilder("<?xml version=\"1.0\"?><tmx version=\"1.4\"><header srclang=\"" + lang
            + "\" creationtool=\"t\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"t\" adminlang=\"en\""
            + " datatype=\"plaintext\"/><body>\n");
        Map<String, List<Integer>> places = new HashMap<>();
        for (int at = 0; at < memory.size(); at++) {
            String text = memory.get(at).replaceAll("[\\x00-\\x08\\x0b-\\x1f]", " ");
            places.computeIfAbsent(text, key -> new ArrayList<>()).add(at);
            String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
            tmx.append("<tu><tuv xml:lang=\"" + lang + "\"><seg>" + escaped + "</seg></tuv><tuv xml:lang=\""
                + other.toLowerCase() + "\"><seg>" + at + "</seg></tuv></tu>\n");
        }
        Files.writeString(project.toPath().resolve("tm/memory.tmx"), tmx.append("</body></tmx>\n"));

        RuntimePreferences.setConfigDir(new File(project, "config").getPath());
        Core.initializeConsole(new HashMap<>());
        long start = System.nanoTime();
        ProjectProperties properties = ProjectFileStorage.loadProjectProperties(project);
        RealProject real = new RealProject(properties);
        real.loadProject(true);
        Core.setProject((IProject) real);
        double built = (System.nanoTime() - start) / 1e9;

        FindMatches finder = new FindMatches(real.getSourceTokenizer(), 5, false, false);
        List<Double> times = new ArrayList<>();
        Map<String, double[]> shares = new HashMap<>();
        List<Set<Integer>> found = new ArrayList<>();
        List<String> queries = lines(folder.resolve("queries." + lang + ".txt"));
        for (String query : queries.subList(0, Math.min(most, queries.size()))) {
            start = System.nanoTime();
            List<NearString> near = finder.search(real, query, true, false, () -> false);
            times.add((System.nanoTime() - start) / 1e6);
            Set<Integer> lines = new HashSet<>();
            for (NearString one : near) {
                lines.addAll(places.getOrDefault(one.source, List.of()));
            }
            found.add(lines);
        }
        double sum = times.stream().mapToDouble(time -> time).sum();
        Collections.sort(times);
        System.out.printf("| OmegaT, %d units | %.3f | %.3f | %.1f | %.1f | %s | %s | %d |%n", memory.size(),
            times.get(times.size() / 2), times.get((times.size() - 1) * 99 / 100), 1000 * times.size() / sum, built,
            share(folder.resolve("letters." + lang + ".txt"), found), share(folder.resolve("words." + lang + ".txt"), found),
            times.size());
        System.exit(0);
    }

    private static List<String> lines(Path path) throws Exception {
        List<String> lines = List.of(Files.readString(path, StandardCharsets.UTF_8).split("\n", -1));
        return lines.subList(0, lines.size() - 1);
    }

    /** How many of the best are found: a line is how many there are, and the lines that are as good. */
    private static String share(Path path, List<Set<Integer>> found) throws Exception {
        List<String> ours = lines(path);
        int best = 0, hit = 0;
        for (int at = 0; at < found.size(); at++) {
            String[] numbers = ours.get(at).split(" ");
            int wanted = Integer.parseInt(numbers[0]), named = 0;
            for (int i = 1; i < numbers.length; i++) {
                named += found.get(at).contains(Integer.parseInt(numbers[i])) ? 1 : 0;
            }
            best += wanted;
            hit += Math.min(wanted, named);
        }
        return best == 0 ? "-" : String.format("%.1f %%", 100.0 * hit / best);
    }
}

// The match statistics of OmegaT's window, without the window: Debian's 3.6 has no --mode=console-stats.
// Arguments: a project, a configuration folder. The table is in the project, omegat/project_stats_match.txt.
import java.io.File;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.TreeMap;
import org.omegat.core.Core;
import org.omegat.core.statistics.CalcMatchStatistics;
import org.omegat.filters2.master.PluginUtils;
import org.omegat.gui.stat.BaseMatchStatisticsPanel;
import org.omegat.util.RuntimePreferences;

public class MatchStats {
    /** Shows nothing. */
    static class Panel extends BaseMatchStatisticsPanel {
        Panel() {
            super(null);
        }

        public void showProgress(int percent) {
        }

        public void finishData() {
        }

        public void setTextData(String text) {
        }

        public void appendTextData(String text) {
        }

        public void setDataFile(String path) {
        }

        public void appendTable(String title, String[] headers, String[][] rows) {
        }

        public void setTable(String[] headers, String[][] rows) {
        }
    }

    public static void main(String[] arguments) throws Exception {
        RuntimePreferences.setConfigDir(arguments[1]);
        Class<?> program = Class.forName("org.omegat.Main");
        Field location = program.getDeclaredField("projectLocation");
        location.setAccessible(true);
        location.set(null, new File(arguments[0]));
        TreeMap<String, String> none = new TreeMap<String, String>();
        PluginUtils.loadPlugins(none);
        Core.initializeConsole(none);
        Method open = program.getDeclaredMethod("selectProjectConsoleMode", boolean.class);
        open.setAccessible(true);
        open.invoke(null, true);
        new CalcMatchStatistics(new Panel(), false).run();
        System.exit(0);
    }
}

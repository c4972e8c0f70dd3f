package io.tlengine.pgcheck.gather.saved;

import io.tlengine.pgcheck.fact.Facts;
import io.tlengine.pgcheck.gather.saved.SavedFacts.UnusableFactsException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A pod's facts as lines of its log: the form of {@code --save-facts}, compressed, in numbered
 * pieces. Other lines between them do no harm, and a piece that is missing is noticed.
 */
public final class PodAnswer {

  /** Container runtimes split lines of 16 KiB and more. */
  private static final int PIECE = 4_000;

  private PodAnswer() {}

  /** Facts, or in a few words why there are none. */
  public sealed interface Answer {
    record Complete(Facts facts) implements Answer {}

    record Unusable(String why) implements Answer {}
  }

  /** What the pod prints, each line behind the mark. */
  public static List<String> lines(String mark, SavedFacts seen) {
    var packed = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(packed)) {
      zip.write(seen.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var text = Base64.getEncoder().encodeToString(packed.toByteArray());
    int pieces = (text.length() + PIECE - 1) / PIECE;
    var lines = new ArrayList<String>();
    for (int i = 0; i < pieces; i++) {
      lines.add(
          mark
              + " "
              + (i + 1)
              + "/"
              + pieces
              + " "
              + text.substring(i * PIECE, Math.min(text.length(), (i + 1) * PIECE)));
    }
    return lines;
  }

  /** Finds the answer in a log. */
  public static Answer read(String mark, String log) {
    var line = Pattern.compile(Pattern.quote(mark) + " (\\d{1,4})/(\\d{1,4}) ([A-Za-z0-9+/=]+)");
    var pieces = new ArrayList<String>();
    var text = new StringBuilder();
    var found = line.matcher(log);
    while (found.find()) {
      if (Integer.parseInt(found.group(1)) == pieces.size() + 1) {
        pieces.add(found.group(2));
        text.append(found.group(3));
      }
    }
    if (pieces.isEmpty()) {
      return new Answer.Unusable("the pod's log holds no answer");
    }
    if (Integer.parseInt(pieces.getLast()) != pieces.size()) {
      return new Answer.Unusable(
          "the answer in the pod's log is cut off after "
              + pieces.size()
              + " of "
              + pieces.getLast()
              + " lines");
    }
    try (var zip =
        new GZIPInputStream(
            new ByteArrayInputStream(Base64.getDecoder().decode(text.toString())))) {
      return new Answer.Complete(SavedFacts.parse(zip.readAllBytes()).facts());
    } catch (UnusableFactsException e) {
      return new Answer.Unusable("the pod's answer " + e.getMessage());
    } catch (IOException | IllegalArgumentException e) {
      return new Answer.Unusable("the answer in the pod's log is damaged");
    }
  }
}

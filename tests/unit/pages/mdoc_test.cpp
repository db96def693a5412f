#include "pages/mdoc.hpp"

#include <gtest/gtest.h>

namespace gof::pages {
namespace {

TEST(Literal, keeps_every_character_as_it_is_pasted) {
  EXPECT_EQ(literal("gof forward - '*:8080:web'"), "gof forward \\- \\(aq*:8080:web\\(aq");
  EXPECT_EQ(literal("a\\b \"c\" ~d ^e `f`"), "a\\eb \\(dqc\\(dq \\(tid \\(hae \\(gaf\\(ga");
}

TEST(Syntax, marks_brackets_arguments_options_and_words) {
  EXPECT_EQ(syntax("[NAME=]TARGET..."), "Oo Ar NAME= Oc Ns Ar TARGET Ns No ...");
  EXPECT_EQ(syntax("[OPTIONS]"), "Oo Ar OPTIONS Oc");
  EXPECT_EQ(syntax("--ticket-file"), "Fl \\-ticket\\-file");
  EXPECT_EQ(syntax("auto|never"), "Cm auto Ns No \\&| Ns Cm never");
  EXPECT_EQ(syntax("TICKET|-"), "Ar TICKET Ns No \\&| Ns Cm \\-");
}

TEST(Prose, gives_each_sentence_a_line) {
  EXPECT_EQ(prose("One. Two three. Four", "gof"), "One.\nTwo three.\nFour\n");
}

TEST(Prose, wraps_long_sentences_and_no_line_begins_like_a_macro) {
  const std::string word(40, 'w');
  EXPECT_EQ(prose(word + ' ' + word + " .hidden", "gof"), word + '\n' + word + " .hidden\n");
  EXPECT_EQ(prose(".hidden", "gof"), "\\&.hidden\n");
  EXPECT_EQ(prose("a\\b", "gof"), "a\\eb\n");
}

TEST(Prose, marks_options_variables_arguments_and_paths) {
  EXPECT_EQ(prose("Use --no-listen, or -L.", "gof"), "Use\n.Fl \\-no\\-listen ,\nor\n.Fl L .\n");
  EXPECT_EQ(prose("Set GOF_TICKET (or FILE).", "gof"), "Set\n.Ev GOF_TICKET\n(or\n.Ar FILE ) .\n");
  EXPECT_EQ(prose("in $HOME/.local, STATE/key", "gof"), "in\n.Pa $HOME/.local ,\n.Pa STATE/key\n");
  EXPECT_EQ(prose("CONF/gof.conf (RUN/PID.sock)", "gof"), ".Pa CONF/gof.conf\n.Pa ( RUN/PID.sock )\n");
  EXPECT_EQ(prose("A TCP port - a JSON", "gof"), "A TCP port - a JSON\n");
}

TEST(Prose, refers_to_other_commands_and_names_its_own) {
  EXPECT_EQ(prose("as gof relay prints it", "gof-serve"), "as\n.Xr gof-relay 1\nprints it\n");
  EXPECT_EQ(prose("a gof serve, too", "gof-serve"), "a\n.Nm gof-serve ,\ntoo\n");
  EXPECT_EQ(prose("a gof meant", "gof-serve"), "a gof meant\n");
  EXPECT_EQ(prose("See gof.conf(5).", "gof-serve"), "See\n.Xr gof.conf 5 .\n");
  EXPECT_EQ(prose("gof.conf(5) has it", "gof.conf"), ".Nm gof.conf\nhas it\n");
  EXPECT_EQ(prose("of range (5) (or so)", "gof"), "of range (5) (or so)\n");
}

TEST(Prose, keeps_a_command_line_together) {
  EXPECT_EQ(prose("which gof ticket --show NAME prints", "gof-run"),
            "which\n.Ic gof ticket \\-\\-show NAME\nprints\n");
  EXPECT_EQ(prose("as gof serve db.lan:5432, or gof serve 22:", "gof-serve"),
            "as\n.Ic gof serve db.lan:5432 ,\nor\n.Ic gof serve 22 :\n");
}

}  // namespace
}  // namespace gof::pages

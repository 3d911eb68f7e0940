#include "corpora/registry.hpp"

namespace rnnlab {
namespace {

using Bases = std::vector<std::string>;

const Bases char_rnn{
    "https://raw.githubusercontent.com/karpathy/char-rnn/d1d7aa34fdb3626174bce1d753e6cc6845ce7087/"
    "data/tinyshakespeare",
    "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare"};
const Bases time_machine{"http://d2l-data.s3-accelerate.amazonaws.com",
                         "https://raw.githubusercontent.com/d2l-ai/d2l-zh/"
                         "592fbef84a684e752393edbf267c07dbc53e082b/data"};
const Bases wikitext{
    "https://raw.githubusercontent.com/pytorch/examples/cada773327ba94a5970e0d57c17c847d69dbbb8f/"
    "word_language_model/data/wikitext-2",
    "https://raw.githubusercontent.com/pytorch/examples/main/word_language_model/data/wikitext-2"};
const Bases poetry{"https://raw.githubusercontent.com/chinese-poetry/chinese-poetry/99ebbef7e1",
                   "https://raw.githubusercontent.com/chinese-poetry/chinese-poetry/master"};

}  // namespace

std::vector<KnownCorpus> text_corpora() {
  return {
      {.name = "tinyshakespeare",
       .summary = "Tiny Shakespeare: a million characters of his plays",
       .tasks = {"char-lm"},
       .page = "https://github.com/karpathy/char-rnn",
       .licence = "text: public domain; the project around it: MIT",
       .path = "input.txt",
       .files = {{"input.txt",
                  1115394,
                  "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
                  below(char_rnn, "input.txt"),
                  {{Counted::lines, 40000}, {Counted::tokens, 242651}}}}},
      {.name = "timemachine",
       .summary = "The Time Machine by H. G. Wells",
       .tasks = {"char-lm"},
       .page = "https://d2l.ai",
       .licence = "public domain",
       .path = "timemachine.txt",
       .files = {{"timemachine.txt",
                  178979,
                  "8424dbd9532ac81f7e5f0b6add90e6952baea29158309d7d1bf3884f4e12c516",
                  below(time_machine, "timemachine.txt"),
                  {{Counted::lines, 3221}, {Counted::tokens, 35527}}}}},
      {.name = "wikitext-2",
       .summary = "WikiText-2: Wikipedia articles, tokenised, rare words as <unk>",
       .tasks = {"word-lm"},
       .page = "https://www.salesforce.com/products/einstein/ai-research/"
               "the-wikitext-dependency-language-modeling-dataset/",
       .licence = "CC BY-SA 3.0 and GFDL (text of Wikipedia)",
       .note = "the three files of wikitext-2-v1.zip",
       .files = {{"wiki.train.tokens",
                  10797148,
                  "9e9fa1ad55b1c2c95b08e37dd8e653f638fac2c6de904b79e813611eefbc985f",
                  below(wikitext, "train.txt"),
                  {{Counted::lines, 36718}, {Counted::tokens, 2088628}}},
                 {"wiki.valid.tokens",
                  1121681,
                  "f0737ed31fc1329026e95cb8b98e19c2a182c39c240ab909dc31abf2f8af58e8",
                  below(wikitext, "valid.txt"),
                  {{Counted::lines, 3760}, {Counted::tokens, 217646}}},
                 {"wiki.test.tokens",
                  1256449,
                  "d790b833ef8cf03a90db7bf1271b7520b83c45ce07ba3c1a9699df81e239eca0",
                  below(wikitext, "test.txt"),
                  {{Counted::lines, 4358}, {Counted::tokens, 245569}}}}},
      {.name = "ptb",
       .summary = "Penn Treebank as prepared by Mikolov: Wall Street Journal, 10,000 words",
       .tasks = {"word-lm"},
       .page = "https://catalog.ldc.upenn.edu/LDC99T42",
       .licence = "Linguistic Data Consortium: not to be redistributed",
       .note = "known by sizes and counts, not by hashes",
       .by_hand = "get simple-examples.tgz of T. Mikolov's RNNLM toolkit under your licence, and "
                  "take the three files out of its folder data",
       .files =
           {{"ptb.train.txt",
             5101618,
             "",
             {},
             {{Counted::lines, 42068}, {Counted::tokens, 929589}}},
            {"ptb.valid.txt", 399782, "", {}, {{Counted::lines, 3370}, {Counted::tokens, 73760}}},
            {"ptb.test.txt", 449945, "", {}, {{Counted::lines, 3761}, {Counted::tokens, 82430}}}}},
      {.name = "chinese-poetry",
       .summary = "366 poems of Three Hundred Tang Poems, and the first 1,000 of Quan Tang Shi",
       .tasks = {"char-lm"},
       .page = "https://github.com/chinese-poetry/chinese-poetry",
       .licence = "MIT; the poems: public domain",
       .path = "poet.tang.0.json",
       .files = {
           {"唐诗三百首.json", 190787,
            "d77a145f7470da2ed2f79515944563c062ffc43fceda07f195a36ead66b7e5c7",
            below(poetry, "全唐诗/唐诗三百首.json")},
           {"poet.tang.0.json", 408405,
            "4f88f429938082523cdc72a1612bd7a7c3e3f7a33f8192c61ae51340efc3c92d",
            below(poetry, "全唐诗/poet.tang.0.json")},
           {"LICENSE", 1076, "c195319aeaa3ffcbe16aa5d26eec19eae5a42f84337dd2b3dc3c9d5ccbbd6507",
            below(poetry, "LICENSE")}}}};
}

}  // namespace rnnlab

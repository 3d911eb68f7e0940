#include "data/csv.hpp"

#include <csv.h>
#include <exception>

#include "base/error.hpp"
#include "data/corpus.hpp"

namespace rnnlab {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& where, std::int64_t line,
                         const std::string& next) {
  throw Error(Exit::data, what, line_name(where, line), next);
}

class CsvReader {
 public:
  CsvReader(const std::string& where, char delimiter) : where_(where) {
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0) throw std::bad_alloc();
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
    csv_set_space_func(&parser_, [](unsigned char) { return 0; });  // blanks are part of a field
    csv_set_blk_size(&parser_, 1 << 16);  // by which its buffer grows: long fields stay linear
  }
  ~CsvReader() { csv_free(&parser_); }
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  /// One line with its end. Afterwards rows() are those that end there.
  void line(std::string_view bytes, std::int64_t number) {
    if (!inside_) begin_ = number;
    number_ = number;
    if (csv_parse(&parser_, bytes.data(), bytes.size(), field, row_end, this) < bytes.size())
      failed();
    if (thrown_) std::rethrow_exception(thrown_);
    inside_ = !open_.empty() || parser_.quoted;
  }
  void end() {
    if (csv_fini(&parser_, field, row_end, this) != 0) failed();
    if (thrown_) std::rethrow_exception(thrown_);
  }
  std::vector<CsvRow>& rows() { return rows_; }

 private:
  [[noreturn]] void failed() {
    if (csv_error(&parser_) != CSV_EPARSE) throw std::bad_alloc();
    refuse("a quote is not closed, or stands in the middle of a field", where_, begin_,
           "put quotes around the whole field and double those in it");
  }
  /// An exception waits until the C library, which called, has returned.
  template <class F>
  void keeping_exceptions(F&& f) {
    try {
      f();
    } catch (...) {
      if (!thrown_) thrown_ = std::current_exception();
    }
  }
  static void field(void* text, std::size_t size, void* self) {
    auto& reader = *static_cast<CsvReader*>(self);
    reader.keeping_exceptions(
        [&] { reader.open_.emplace_back(static_cast<const char*>(text), size); });
  }
  static void row_end(int, void* self) {
    auto& reader = *static_cast<CsvReader*>(self);
    reader.keeping_exceptions([&] {
      reader.rows_.push_back({std::move(reader.open_), reader.begin_});
      reader.open_.clear();
      reader.begin_ = reader.number_;
    });
  }

  const std::string& where_;
  csv_parser parser_;
  std::vector<std::string> open_;
  std::vector<CsvRow> rows_;
  std::int64_t begin_ = 1, number_ = 1;
  bool inside_ = false;  // a row goes on in the next line
  std::exception_ptr thrown_;
};

}  // namespace

void read_csv(std::string_view bytes, const std::string& where,
              const std::function<void(CsvRow&)>& take, char delimiter) {
  const std::vector<TextLine> lines = text_lines(bytes, where);
  CsvReader reader(where, delimiter);
  std::size_t fields = 0;
  const auto pass_on = [&] {
    for (CsvRow& row : reader.rows()) {
      if (fields == 0) fields = row.fields.size();
      if (row.fields.size() != fields) {
        refuse("the row has " + std::to_string(row.fields.size()) + " fields, the first one " +
                   std::to_string(fields),
               where, row.line,
               "give every row as many, with quotes around those with a delimiter");
      }
      take(row);
    }
    reader.rows().clear();
  };
  const char* const end = bytes.data() + bytes.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const char* const begin = lines[i].text.data();
    const char* const next = i + 1 < lines.size() ? lines[i + 1].text.data() : end;
    reader.line({begin, static_cast<std::size_t>(next - begin)}, lines[i].number);
    pass_on();
  }
  reader.end();
  pass_on();
}

}  // namespace rnnlab

#include "cli/arguments.hpp"

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "study/config_schema.hpp"

namespace rnnlab {
namespace {

namespace po = boost::program_options;

constexpr const char* where = "command line";

po::options_description description(const std::vector<VerbOption>& options,
                                    const std::vector<std::string>& keys) {
  po::options_description result;
  const std::set<std::string> unique(keys.begin(), keys.end());
  for (const std::string& key : unique) result.add_options()(key.c_str(), po::value<std::string>());
  for (const VerbOption& option : options) {
    if (option.value.empty()) result.add_options()(option.name.c_str(), "");
    if (!option.value.empty()) result.add_options()(option.name.c_str(), po::value<std::string>());
  }
  return result;
}

[[noreturn]] void throw_unknown(const std::string& name, const std::vector<VerbOption>& options,
                                const std::vector<std::string>& keys) {
  if (name.find('.') != std::string::npos) throw_unknown_key({name, "", where}, keys);
  // A bare name may be a key without its section.
  std::map<std::string, std::string> known;
  for (const std::string& key : keys) known.emplace(key.substr(key.find('.') + 1), key);
  for (const VerbOption& option : options) known[option.name] = option.name;
  std::vector<std::string> names;
  for (const auto& [bare, full] : known) names.push_back(bare);
  throw Error(Exit::usage, "unknown option --" + shown(name), where,
              "did you mean --" + known.at(nearest(name, names)) + "?");
}

/// Boost refuses `--key=`, which is how an empty value is written.
std::vector<std::string> with_empty_values(const std::vector<std::string>& arguments) {
  std::vector<std::string> result;
  for (const std::string& argument : arguments) {
    const bool empty = argument.size() > 3 && argument.starts_with("--") &&
                       argument.find('=') == argument.size() - 1;
    result.push_back(empty ? argument.substr(0, argument.size() - 1) : argument);
    if (empty) result.emplace_back();
  }
  return result;
}

po::parsed_options parse(const std::vector<std::string>& arguments,
                         const po::options_description& known) {
  namespace style = po::command_line_style;
  po::positional_options_description words;
  words.add("word", -1);
  try {
    return po::command_line_parser(with_empty_values(arguments))
        .options(known)
        .positional(words)
        .style(style::allow_long | style::long_allow_adjacent | style::long_allow_next)
        .allow_unregistered()
        .run();
  } catch (const po::error_with_option_name& error) {
    const bool extra = dynamic_cast<const po::invalid_command_line_syntax*>(&error) &&
                       static_cast<const po::invalid_command_line_syntax&>(error).kind() ==
                           po::invalid_syntax::extra_parameter;
    throw Error(Exit::usage,
                error.get_option_name() + (extra ? " takes no value" : " has no value"), where,
                extra ? "leave it out" : "write it after the option");
  }
}

}  // namespace

std::string Arguments::get(const std::string& option, const std::string& otherwise) const {
  const auto found = options.find(option);
  return found == options.end() ? otherwise : found->second;
}

Arguments parse_arguments(const std::vector<std::string>& arguments,
                          const std::vector<VerbOption>& options,
                          const std::vector<std::string>& keys, bool lists) {
  const po::options_description known = description(options, keys);
  const po::parsed_options parsed = parse(arguments, known);
  Arguments result;
  std::set<std::string> seen;
  bool after_key = false;  // whether a word may be one more value
  for (const po::option& option : parsed.options) {
    const std::string value = option.value.empty() ? "" : option.value.front();
    if (option.position_key >= 0) {
      if (value.starts_with("-") && value.size() > 1)
        throw Error(Exit::usage, "unknown option " + shown(value), where,
                    "options are written --section.key value");
      if (after_key && parse_double(value)) {
        result.settings.back().value += "," + value;
      } else {
        result.words.push_back(value);
        after_key = false;
      }
      continue;
    }
    if (option.unregistered) throw_unknown(option.string_key, options, keys);
    const bool is_key = option.string_key.find('.') != std::string::npos;
    after_key = lists && is_key;
    const bool again = !seen.insert(option.string_key).second;
    if (again && after_key) {
      auto& settings = result.settings;
      const auto first = std::find_if(settings.begin(), settings.end(),
                                      [&](const Setting& s) { return s.key == option.string_key; });
      first->value += "," + value;
      std::rotate(first, first + 1, settings.end());
      continue;
    }
    if (again)
      throw Error(Exit::usage, "--" + option.string_key + " is given twice", where, "keep one");
    if (is_key) {
      result.settings.push_back({option.string_key, value, where});
    } else {
      result.options[option.string_key] = value;
    }
  }
  return result;
}

double number_of(const Arguments& arguments, const std::string& name, const std::string& fallback,
                 double least, double most, bool whole) {
  const auto value = parse_double(arguments.get(name, fallback));
  if (value && *value >= least && *value <= most &&
      (!whole || *value == static_cast<double>(static_cast<std::int64_t>(*value)))) {
    return *value;
  }
  throw Error(Exit::usage, "--" + name + " " + shown(arguments.get(name)) + " is out of range",
              "command line",
              std::string("give ") + (whole ? "an integer, " : "a number, ") +
                  format_double(least) + " .. " + format_double(most));
}

}  // namespace rnnlab

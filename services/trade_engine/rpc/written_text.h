// What users write: checks of texts and tags, and how they lie in messages. An empty text and an absent one are the
// same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/repeated_field.h"
#include "libs/status/status.h"

namespace papertape::trade_engine {

inline constexpr std::size_t kLongText = 10'000;  // characters
inline constexpr std::size_t kTagLength = 50;     // characters
inline constexpr int kMostTags = 20;

using Texts = google::protobuf::RepeatedPtrField<std::string>;

// Any text of at most `most` characters.
void CheckText(std::string_view text, std::size_t most, std::string_view field, Violations& violations);
// One line without control characters, of at most `most` characters.
void CheckLine(std::string_view text, std::size_t most, std::string_view field, Violations& violations);
// Each once, in the order given.
std::vector<std::string> DecodeTags(const Texts& tags, Violations& violations);
void EncodeTags(const std::vector<std::string>& tags, Texts& out);

}  // namespace papertape::trade_engine

// How far the review of a user's documents is, and what may follow what. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace papertape::auth {

enum class KycStatus : std::uint8_t { kNotSubmitted, kPending, kApproved, kRejected };
enum class KycAction : std::uint8_t { kSubmit, kApprove, kReject };

inline constexpr std::array kKycStatuses{KycStatus::kNotSubmitted, KycStatus::kPending, KycStatus::kApproved,
                                         KycStatus::kRejected};

constexpr std::string_view KycWord(KycStatus status) {
  switch (status) {
    case KycStatus::kNotSubmitted:
      return "not_submitted";
    case KycStatus::kPending:
      return "pending";
    case KycStatus::kApproved:
      return "approved";
    case KycStatus::kRejected:
      return "rejected";
  }
  return "";
}

// Nothing for a word that is none of the four.
constexpr std::optional<KycStatus> ParseKycWord(std::string_view word) {
  for (const KycStatus status : kKycStatuses) {
    if (KycWord(status) == word) return status;
  }
  return std::nullopt;
}

// The transition table: nothing where the action is not possible. Documents may be added while they wait; what was
// rejected may be submitted again; what is approved stays.
constexpr std::optional<KycStatus> After(KycStatus status, KycAction action) {
  switch (status) {
    case KycStatus::kNotSubmitted:
    case KycStatus::kRejected:
      if (action == KycAction::kSubmit) return KycStatus::kPending;
      return std::nullopt;
    case KycStatus::kPending:
      if (action == KycAction::kSubmit) return KycStatus::kPending;
      return action == KycAction::kApprove ? KycStatus::kApproved : KycStatus::kRejected;
    case KycStatus::kApproved:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace papertape::auth

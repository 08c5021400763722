#include "services/auth/domain/kyc_status.h"

#include "tests/support/catch.h"

namespace papertape::auth {
namespace {

TEST_CASE("the table of statuses says for each status and action what follows") {
  using enum KycStatus;
  using enum KycAction;
  struct Row {
    KycStatus from;
    KycAction action;
    std::optional<KycStatus> to;
  };
  for (const auto& [from, action, to] : {Row{kNotSubmitted, kSubmit, kPending},
                                         {kNotSubmitted, kApprove, {}},
                                         {kNotSubmitted, kReject, {}},
                                         {kPending, kSubmit, kPending},
                                         {kPending, kApprove, kApproved},
                                         {kPending, kReject, kRejected},
                                         {kApproved, kSubmit, {}},
                                         {kApproved, kApprove, {}},
                                         {kApproved, kReject, {}},
                                         {kRejected, kSubmit, kPending},
                                         {kRejected, kApprove, {}},
                                         {kRejected, kReject, {}}}) {
    CAPTURE(KycWord(from), static_cast<int>(action));
    CHECK(After(from, action) == to);
  }
}

TEST_CASE("a status reads back from its word, and nothing else does") {
  for (const KycStatus status : kKycStatuses) CHECK(ParseKycWord(KycWord(status)) == status);
  CHECK_FALSE(ParseKycWord("").has_value());
  CHECK_FALSE(ParseKycWord("Approved").has_value());
}

}  // namespace
}  // namespace papertape::auth

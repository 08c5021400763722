#include "gateway/field_names.h"

#include "libs/status/status.h"
#include "papertape/test/v1/workshop_service.pb.h"
#include "tests/support/matchers.h"

namespace papertape::gateway {
namespace {

using papertape::testing::HasReason;
using test::v1::CamelTool;
using test::v1::Tool;

TEST_CASE("a message that prints json_names is read and refused under them, with no code of its own at the edge") {
  const json::MessagePlan& camel = json::PlanOf(*CamelTool::descriptor());
  CHECK(ClientName(camel, "entry_price") == "entryPrice");
  CHECK(ClientName(camel, "mongo_id") == "_id");
  // Every spelling is read.
  for (const char* spelling : {"mongo_id", "mongoId", "_id"}) CHECK(camel.Find(spelling) == camel.Find("_id"));
}

TEST_CASE("each message of a path has its own names, and what is unknown stays as it is") {
  const json::MessagePlan& tool = json::PlanOf(*Tool::descriptor());
  CHECK(ClientName(tool, "camel.entry_price") == "camel.entryPrice");
  CHECK(ClientName(tool, "former_makers[2].nothing.such") == "former_makers[2].nothing.such");
  CHECK(ClientName(tool, "labels.entry_price") == "labels.entry_price");
  CHECK(ClientName(tool, "nothing") == "nothing");
  CHECK(ClientName(tool, "camel.") == "camel.");
  CHECK(ClientName(tool, "").empty());
}

TEST_CASE("a refusal names the fields, and its sentence the first of them, in the client's words") {
  const json::MessagePlan& camel = json::PlanOf(*CamelTool::descriptor());
  Violations violations;
  violations.Add("entry_price", "must be more than 0");
  violations.Add("other", "must be set");
  const absl::Status renamed = InClientNames(violations.ToStatus(), camel);
  CHECK_THAT(renamed, HasReason(Reason::kINVALID_ARGUMENT));
  CHECK(DetailsOf(renamed).violations ==
        std::vector<FieldViolation>{{"entryPrice", "must be more than 0"}, {"other", "must be set"}});
  CHECK(MessageOf(renamed) == "`entryPrice` must be more than 0 (and 1 more)");

  const absl::Status poor = WithMetadata(Error(Reason::kINSUFFICIENT_MARGIN), "available_margin", "1");
  CHECK(InClientNames(poor, camel) == poor);
}

}  // namespace
}  // namespace papertape::gateway

#include "gateway/problem.h"

#include "libs/status/status.h"
#include "tests/support/catch.h"

namespace papertape::gateway {
namespace {

using Catch::Matchers::Contains;

TEST_CASE("a problem has every name that the clients read") {
  const HttpResponse response = ToProblem(Error(Reason::kTRADE_CLOSED), "r1");
  CHECK(response.status == 409);
  CHECK(response.content_type == "application/problem+json");
  CHECK(response.body ==
        R"({"type":"urn:papertape:problem:trade-closed","title":"The trade is already closed.","status":409,)"
        R"("detail":"The trade is already closed.","error":"The trade is already closed.","code":"TRADE_CLOSED",)"
        R"("error_code":"TRADE_CLOSED","request_id":"r1","errors":[]})");
}

TEST_CASE("wrong fields are listed, figures are members, numbers where they are numbers") {
  Violations violations;
  violations.Add("documents[0].content", "must be base64");
  violations.Add("a\"b", "must be 1");
  const HttpResponse fields = ToProblem(violations.ToStatus(), "r1");
  CHECK_THAT(fields.body, Contains(R"("errors":[{"field":"documents[0].content","message":"must be base64"},)"
                                   R"({"field":"a\"b","message":"must be 1"}])"));
  absl::Status status = WithMetadata(Error(Reason::kINSUFFICIENT_MARGIN), "available_margin", "1234.5");
  status = WithMetadata(status, "symbol", "AAPL");
  status = WithMetadata(status, "account", "007");
  status = WithMetadata(status, "status", "7");
  const HttpResponse figures = ToProblem(status, "r1");
  CHECK(figures.status == 400);
  CHECK_THAT(figures.body, Contains(R"("available_margin":1234.5)"));
  CHECK_THAT(figures.body, Contains(R"("symbol":"AAPL")"));
  CHECK_THAT(figures.body, Contains(R"("account":"007")"));
  CHECK_THAT(figures.body, Contains(R"("status":400,)"));
  CHECK_THAT(figures.body, !Contains(R"("status":7)"));
}

TEST_CASE("an internal error says nothing of what went wrong inside") {
  for (const absl::Status& status : {Error(Reason::kINTERNAL, "select * from users"), absl::InternalError("/home/x"),
                                     absl::UnknownError("at 0x7f")}) {
    const HttpResponse response = ToProblem(status, "r1");
    CHECK(response.status == 500);
    CHECK_THAT(response.body, Contains("Something went wrong on our side."));
    CHECK_THAT(response.body, !Contains(std::string(MessageOf(status))));
  }
}

TEST_CASE("headers say when to come back, how to sign in and which verbs there are") {
  CHECK_THAT(ToProblem(WithRetryAfter(Error(Reason::kRATE_LIMITED), 1'500), "r").headers,
             Contains("Retry-After: 2\r\n"));
  CHECK_THAT(ToProblem(Error(Reason::kUNAVAILABLE), "r").headers, Contains("Retry-After: 1\r\n"));
  CHECK_THAT(ToProblem(Error(Reason::kINVALID_TOKEN), "r").headers, Contains("WWW-Authenticate: Bearer\r\n"));
  CHECK_THAT(ToProblem(WithMetadata(Error(Reason::kMETHOD_NOT_ALLOWED), "allow", "GET"), "r").headers,
             Contains("Allow: GET\r\n"));
  CHECK(ToProblem(Error(Reason::kNOT_FOUND), "r").headers.empty());
}

}  // namespace
}  // namespace papertape::gateway

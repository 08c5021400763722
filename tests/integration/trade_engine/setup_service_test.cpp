// Setups on a real gate and database.
#include "services/trade_engine/rpc/setup_service.h"

#include "migrations/trade_engine_store.h"
#include "services/trade_engine/store/pg_setups.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"
#include "tests/support/test_database.h"

namespace papertape::trade_engine {
namespace {

using papertape::testing::CallWith;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;

class SetupsUnderTest {
 public:
  SetupsUnderTest() {
    server_.Start({&service_});
    stub_ = v1::SetupService::NewStub(server_.channel());
  }

  absl::StatusOr<v1::Setup> Create(std::int64_t user_id, const v1::CreateSetupRequest& request,
                                   const std::string& key = "") {
    return Call<v1::Setup>(user_id, key, [&](grpc::ClientContext& context, v1::Setup& reply) {
      return stub_->CreateSetup(&context, request, &reply);
    });
  }
  absl::StatusOr<v1::Setup> Update(std::int64_t user_id, const v1::UpdateSetupRequest& request,
                                   const std::string& key = "") {
    return Call<v1::Setup>(user_id, key, [&](grpc::ClientContext& context, v1::Setup& reply) {
      return stub_->UpdateSetup(&context, request, &reply);
    });
  }
  absl::StatusOr<v1::Setup> Get(std::int64_t user_id, const std::string& id) {
    v1::GetSetupRequest request;
    request.set_id(id);
    return Call<v1::Setup>(user_id, "", [&](grpc::ClientContext& context, v1::Setup& reply) {
      return stub_->GetSetup(&context, request, &reply);
    });
  }
  absl::Status Delete(std::int64_t user_id, const std::string& id, const std::string& key = "") {
    v1::DeleteSetupRequest request;
    request.set_id(id);
    return Call<v1::DeleteSetupReply>(user_id, key,
                                      [&](grpc::ClientContext& context, v1::DeleteSetupReply& reply) {
                                        return stub_->DeleteSetup(&context, request, &reply);
                                      })
        .status();
  }
  std::vector<std::string> Names(std::int64_t user_id, const std::string& tag = "") {
    v1::ListSetupsRequest request;
    request.set_tag(tag);
    const auto reply =
        Call<v1::ListSetupsReply>(user_id, "", [&](grpc::ClientContext& context, v1::ListSetupsReply& out) {
          return stub_->ListSetups(&context, request, &out);
        });
    REQUIRE_THAT(reply.status(), IsOk());
    std::vector<std::string> names;
    for (const v1::Setup& setup : reply->setups()) names.push_back(setup.name());
    return names;
  }

 private:
  template <class Reply, class Ask>
  absl::StatusOr<Reply> Call(std::int64_t user_id, const std::string& key, Ask ask) {
    Reply reply;
    const absl::Status status = CallWith(server_.TokenFor(user_id), [&](grpc::ClientContext& context) {
      if (!key.empty()) context.AddMetadata("idempotency-key", key);
      return ask(context, reply);
    });
    if (!status.ok()) return status;
    return reply;
  }

  const papertape::testing::TestDatabase database_;
  const std::unique_ptr<pg::Pool> pool_ = database_.Migrated("trade_engine", trade_engine_store::Migrations());
  PgSetups setups_{*pool_};
  IdSource ids_{SystemClock(), SystemRandom()};
  papertape::testing::RpcServer server_;
  SetupService service_{server_.gate(), {setups_, ids_, SystemClock()}};
  std::unique_ptr<v1::SetupService::Stub> stub_;
};

v1::CreateSetupRequest Named(const std::string& name) {
  v1::CreateSetupRequest request;
  request.set_name(name);
  return request;
}

TEST_CASE("a setup is kept as it was written, found by its tag, and replaced as a whole") {
  SetupsUnderTest setups;
  v1::CreateSetupRequest request = Named("Opening range — 5m \"break\"");
  request.set_notes("two\nlines, and a \\");
  request.set_timeframe("5m");
  for (const char* tag : {"open, {range}", "NULL", "momentum", "NULL"}) request.add_tags(tag);
  const auto made = setups.Create(1, request);
  REQUIRE_THAT(made.status(), IsOk());
  CHECK(made->mongo_id() == made->id());
  CHECK(made->user_id() == 1);
  REQUIRE_THAT(setups.Create(1, Named("Second")).status(), IsOk());

  const auto read = setups.Get(1, made->id());
  REQUIRE_THAT(read.status(), IsOk());
  CHECK(read->SerializeAsString() == made->SerializeAsString());
  CHECK(read->notes() == "two\nlines, and a \\");
  CHECK_FALSE(read->has_rules());
  CHECK(std::vector<std::string>(read->tags().begin(), read->tags().end()) ==
        std::vector<std::string>{"open, {range}", "NULL", "momentum"});
  CHECK(setups.Names(1) == std::vector<std::string>{"Second", request.name()});
  CHECK(setups.Names(1, "momentum") == std::vector<std::string>{request.name()});
  CHECK(setups.Names(1, "moment").empty());

  v1::UpdateSetupRequest change;
  change.set_id(made->id());
  change.set_name("Opening range");
  const auto changed = setups.Update(1, change);
  REQUIRE_THAT(changed.status(), IsOk());
  CHECK(changed->name() == "Opening range");
  CHECK_FALSE(changed->has_notes());
  CHECK(changed->tags().empty());
  CHECK(changed->created_at().seconds() == made->created_at().seconds());
}

TEST_CASE("a deleted setup leaves the list, can still be read, and is deleted once") {
  SetupsUnderTest setups;
  const std::string id = setups.Create(1, Named("A"))->id();
  REQUIRE_THAT(setups.Delete(1, id, "k"), IsOk());
  CHECK(setups.Names(1).empty());
  CHECK(setups.Get(1, id)->has_deleted_at());
  CHECK_THAT(setups.Delete(1, id, "k"), IsOk());  // the same request again
  CHECK_THAT(setups.Delete(1, id), HasReason(Reason::kNOT_FOUND));
  v1::UpdateSetupRequest change;
  change.set_id(id);
  change.set_name("B");
  CHECK_THAT(setups.Update(1, change).status(), HasReason(Reason::kNOT_FOUND));
}

TEST_CASE("a setup of another user is not there") {
  SetupsUnderTest setups;
  const std::string id = setups.Create(1, Named("A"))->id();
  v1::UpdateSetupRequest change;
  change.set_id(id);
  change.set_name("B");
  CHECK(setups.Names(2).empty());
  CHECK_THAT(setups.Get(2, id).status(), HasReason(Reason::kNOT_FOUND));
  CHECK_THAT(setups.Update(2, change).status(), HasReason(Reason::kNOT_FOUND));
  CHECK_THAT(setups.Delete(2, id), HasReason(Reason::kNOT_FOUND));
  CHECK(setups.Get(1, id)->name() == "A");
}

TEST_CASE("a setup that is sent again with its key is one setup") {
  SetupsUnderTest setups;
  const auto first = setups.Create(1, Named("A"), "k");
  const auto again = setups.Create(1, Named("A"), "k");
  REQUIRE_THAT(again.status(), IsOk());
  CHECK(first->SerializeAsString() == again->SerializeAsString());
  CHECK_THAT(setups.Create(1, Named("B"), "k").status(), HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  CHECK_THAT(setups.Create(2, Named("A"), "k").status(), IsOk());
  CHECK(setups.Names(1).size() == 1);
}

TEST_CASE("every field of a setup that is wrong is named, and lengths are counted in characters") {
  SetupsUnderTest setups;
  v1::CreateSetupRequest request = Named("  ");
  request.set_notes(std::string(10'001, 'x'));
  request.set_description(std::string(10'001, 'x'));
  request.set_rules(std::string("a\0b", 3));
  request.set_timeframe("5m\n");
  request.add_tags("");
  const absl::Status refused = setups.Create(1, request).status();
  for (const char* field : {"name", "notes", "description", "rules", "timeframe", "tags"}) {
    CHECK_THAT(refused, NamesField(field));
  }
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "é";
  CHECK_THAT(setups.Create(1, Named(hundred)).status(), IsOk());
  CHECK_THAT(setups.Create(1, Named(hundred + "é")).status(), NamesField("name"));
  v1::CreateSetupRequest many = Named("many");
  for (int i = 0; i < 21; ++i) many.add_tags(std::to_string(i));
  CHECK_THAT(setups.Create(1, many).status(), NamesField("tags"));
}

}  // namespace
}  // namespace papertape::trade_engine

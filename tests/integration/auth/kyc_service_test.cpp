#include "services/auth/rpc/kyc_service.h"

#include <thread>

#include "fmt/format.h"
#include "libs/auth/keyed_hash.h"
#include "migrations/auth_store.h"
#include "services/auth/clients/sealed_documents.h"
#include "services/auth/store/pg_kyc_store.h"
#include "services/auth/store/pg_user_store.h"
#include "tests/support/auth/kyc_files.h"
#include "tests/support/auth/object_stores.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"
#include "tests/support/test_database.h"

namespace papertape::auth {
namespace {

using papertape::testing::CallWith;
using papertape::testing::HasReason;
using papertape::testing::IsOk;
using papertape::testing::NamesField;
using papertape::testing::RpcServer;
using testing::AJpeg;
using testing::APdf;
using testing::APng;

// The review of documents as wiring.cpp builds it, over a store in memory that can fail. Ann (1) and Bob (2) are users,
// Root (3) is an administrator.
class KycUnderTest {
 public:
  KycUnderTest() {
    for (const char* name : {"ann", "bob", "root"}) {
      database_.Execute(
          fmt::format("insert into auth.users (email, username, password_hash, role) values "
                      "('{0}@example.com', '{0}', 'hash', '{1}')",
                      name, std::string_view(name) == "root" ? "admin" : "user"));
    }
    server_.Start({&service_});
    stub_ = v1::KycService::NewStub(server_.channel());
  }

  absl::Status Upload(std::int64_t user_id, const v1::UploadKycRequest& request, v1::UploadKycReply& reply,
                      const std::string& key = "") {
    return CallWith(TokenOf(user_id), [&](auto& context) {
      if (!key.empty()) context.AddMetadata("idempotency-key", key);
      return stub_->UploadKyc(&context, request, &reply);
    });
  }
  absl::Status Upload(std::int64_t user_id, const std::string& content) {
    v1::UploadKycReply reply;
    return Upload(user_id, Documents({content}), reply);
  }
  v1::KycStatus Status(std::int64_t user_id) {
    v1::KycStatus reply;
    REQUIRE_THAT(CallWith(TokenOf(user_id), [&](auto& context) { return stub_->GetKycStatus(&context, {}, &reply); }),
                 IsOk());
    return reply;
  }
  absl::Status Open(std::int64_t reader, std::int64_t document_id, type::v1::File& file) {
    v1::GetKycDocumentRequest request;
    request.set_id(document_id);
    return CallWith(TokenOf(reader), [&](auto& context) { return stub_->GetKycDocument(&context, request, &file); });
  }
  absl::Status Review(std::int64_t reviewer, const std::string& user_id, const std::string& decision,
                      const std::string& reason, v1::KycSubmission& reply) {
    v1::ReviewKycRequest request;
    request.set_user_id(user_id);
    request.set_decision(decision);
    request.set_reason(reason);
    return CallWith(TokenOf(reviewer), [&](auto& context) { return stub_->ReviewKyc(&context, request, &reply); });
  }
  absl::Status Review(const std::string& decision, const std::string& reason = "") {
    v1::KycSubmission reply;
    return Review(kRoot, "1", decision, reason, reply);
  }
  v1::ListKycReply List(const std::string& status = "") {
    v1::ListKycRequest request;
    request.set_status(status);
    v1::ListKycReply reply;
    REQUIRE_THAT(CallWith(TokenOf(kRoot), [&](auto& context) { return stub_->ListKyc(&context, request, &reply); }),
                 IsOk());
    return reply;
  }
  std::string Count(const std::string& table) { return database_.Execute("select count(*) from auth." + table); }
  std::string DeedsOf(const std::string& action) {
    return database_.Execute("select count(*) from auth.audit_log where action = '" + action + "'");
  }

  static v1::UploadKycRequest Documents(const std::vector<std::string>& contents) {
    v1::UploadKycRequest request;
    for (const std::string& content : contents) {
      request.add_documents()->set_document_type("passport");
      request.mutable_documents()->rbegin()->set_content(content);
    }
    return request;
  }

  testing::MemoryObjectStore& objects() { return objects_; }
  Kyc& kyc() { return kyc_; }
  papertape::testing::TestDatabase& database() { return database_; }

  static constexpr std::int64_t kAnn = 1, kBob = 2, kRoot = 3;

 private:
  static std::string TokenOf(std::int64_t user_id) {
    if (user_id == 0) return "";
    const TokenSigner signer({.secret = RpcServer::kSecretKey}, SystemClock());
    return *signer.Sign(
        {.user_id = user_id, .role = user_id == kRoot ? Role::kAdmin : Role::kUser, .token_id = "t", .session_id = "s"},
        std::chrono::minutes(5));
  }

  papertape::testing::TestDatabase database_;
  const std::unique_ptr<pg::Pool> pool_ = database_.Migrated("auth", auth_store::Migrations());
  const AuditTrail trail_{RpcServer::kSecretKey, SystemClock()};
  IdSource ids_{SystemClock(), SystemRandom()};
  PgKycStore store_{*pool_, ids_, trail_, [] {}};
  testing::MemoryObjectStore objects_;
  const Sealer sealer_{{.current = std::string(32, 'k')}, SystemRandom()};
  SealedDocuments documents_{objects_, sealer_};
  Kyc kyc_{{.store = store_, .documents = documents_, .sha256 = Digest, .ids = ids_, .clock = SystemClock()}};
  RpcServer server_;
  KycService service_{server_.gate(), kyc_};
  std::unique_ptr<v1::KycService::Stub> stub_;
};

TEST_CASE("documents are submitted, kept sealed, and come back byte for byte") {
  KycUnderTest test;
  CHECK(test.Status(test.kAnn).status() == "not_submitted");
  v1::UploadKycRequest request = test.Documents({APng("ann")});
  request.mutable_documents(0)->set_document_type("Driving Licence");
  request.mutable_documents(0)->set_file_name("../me.html");
  v1::UploadedDocument& address = *request.add_documents();
  address.set_document_type("bank_statement");
  address.set_file_url("https://example.com/statement.pdf");
  v1::UploadKycReply reply;
  REQUIRE_THAT(test.Upload(test.kAnn, request, reply), IsOk());
  CHECK(reply.status() == "pending");
  REQUIRE(reply.documents_size() == 2);
  const v1::KycDocument& document = reply.documents(0);
  CHECK(document.document_type() == "driving_licence");
  CHECK(document.file_name() == "me.html.png");
  CHECK(document.file_url() == fmt::format("/auth/kyc/documents/{}", document.id()));
  CHECK(document.size() == static_cast<std::int64_t>(APng("ann").size()));
  CHECK(document.sha256() == Digest(APng("ann")));
  CHECK(document.uploaded_at().seconds() > 1'700'000'000);
  CHECK(reply.documents(1).file_url() == "https://example.com/statement.pdf");
  CHECK_FALSE(reply.documents(1).has_size());

  type::v1::File file;
  REQUIRE_THAT(test.Open(test.kAnn, document.id(), file), IsOk());
  CHECK(file.content() == APng("ann"));
  CHECK(file.content_type() == "image/png");
  CHECK(file.name() == "me.html.png");
  CHECK_THAT(test.Open(test.kAnn, reply.documents(1).id(), file), HasReason(Reason::kDOCUMENT_NOT_FOUND));

  const v1::KycStatus status = test.Status(test.kAnn);
  CHECK(status.status() == "pending");
  CHECK(status.documents_size() == 2);
  CHECK(test.objects().Keys().size() == 1);
  CHECK(test.Count("kyc_unfinished_objects") == "0");
  CHECK(test.DeedsOf("kyc.uploaded") == "1");
  CHECK(test.Count("outbox") == "1");
}

TEST_CASE("a document is for its owner and administrators, whose reading is recorded") {
  KycUnderTest test;
  v1::UploadKycReply reply;
  REQUIRE_THAT(test.Upload(test.kAnn, test.Documents({APdf()}), reply), IsOk());
  const std::int64_t id = reply.documents(0).id();
  type::v1::File file;
  CHECK_THAT(test.Open(0, id, file), HasReason(Reason::kUNAUTHENTICATED));
  CHECK_THAT(test.Open(test.kBob, id, file), HasReason(Reason::kPERMISSION_DENIED));
  CHECK(test.DeedsOf("kyc.document_read") == "0");
  CHECK(file.content().empty());
  CHECK_THAT(test.Open(test.kRoot, id, file), IsOk());
  CHECK(file.content() == APdf());
  CHECK(test.DeedsOf("kyc.document_read") == "1");
  CHECK_THAT(test.Open(test.kRoot, 424'242, file), HasReason(Reason::kDOCUMENT_NOT_FOUND));
}

TEST_CASE("review is for administrators, and not of their own documents") {
  KycUnderTest test;
  REQUIRE_THAT(test.Upload(test.kAnn, APdf()), IsOk());
  REQUIRE_THAT(test.Upload(test.kRoot, APdf()), IsOk());
  v1::KycSubmission reply;
  CHECK_THAT(test.Review(test.kBob, "1", "approve", "", reply), HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(test.Review(test.kAnn, "1", "approve", "", reply), HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(test.Review(test.kRoot, "3", "approve", "", reply), HasReason(Reason::kPERMISSION_DENIED));
  CHECK_THAT(test.Review(test.kRoot, "424242", "approve", "", reply), HasReason(Reason::kUSER_NOT_FOUND));
  CHECK_THAT(test.Review(test.kRoot, "2", "approve", "", reply), HasReason(Reason::kKYC_NOT_PENDING));
  CHECK_THAT(test.Review("perhaps"), NamesField("decision"));
  CHECK_THAT(test.Review("reject", "  "), NamesField("reason"));
  CHECK_THAT(test.Review("reject", std::string(1'001, 'x')), NamesField("reason"));
  CHECK(test.DeedsOf("kyc.reviewed") == "0");
}

TEST_CASE("a rejected user submits again, an approved one need not, and every change is kept") {
  KycUnderTest test;
  REQUIRE_THAT(test.Upload(test.kAnn, APdf("blurred")), IsOk());
  REQUIRE_THAT(test.Review("rejected", "The picture is blurred."), IsOk());
  CHECK(test.Status(test.kAnn).status() == "rejected");
  CHECK(test.Status(test.kAnn).reason() == "The picture is blurred.");
  CHECK_THAT(test.Review("approve"), HasReason(Reason::kKYC_NOT_PENDING));

  REQUIRE_THAT(test.Upload(test.kAnn, APdf("sharp")), IsOk());
  CHECK(test.Status(test.kAnn).status() == "pending");
  CHECK_FALSE(test.Status(test.kAnn).has_reason());
  v1::KycSubmission reviewed;
  REQUIRE_THAT(test.Review(test.kRoot, "1", "approve", "", reviewed), IsOk());
  CHECK(reviewed.status() == "approved");
  CHECK(reviewed.reviewed_by() == test.kRoot);
  CHECK(reviewed.email() == "ann@example.com");
  CHECK(reviewed.documents_size() == 2);
  CHECK_THAT(test.Upload(test.kAnn, APdf("another")), HasReason(Reason::kKYC_APPROVED));
  CHECK_THAT(test.Review("reject", "late"), HasReason(Reason::kKYC_NOT_PENDING));

  std::string path;
  for (const v1::KycChange& change : reviewed.history()) {
    path += fmt::format("{}>{} by {};", change.from_status(), change.to_status(), change.changed_by());
  }
  CHECK(path == "not_submitted>pending by 1;pending>rejected by 3;rejected>pending by 1;pending>approved by 3;");
  CHECK(test.Count("outbox") == "4");
  CHECK(reviewed.history(1).reason() == "The picture is blurred.");
  CHECK(test.objects().Keys().size() == 2);
  CHECK(test.database().Execute("select kyc_status from (select coalesce((select status from auth.kyc_cases where "
                                "user_id = u.id), '') as kyc_status from auth.users u where id = 1) s") == "approved");
}

TEST_CASE("the same document again is the same document") {
  KycUnderTest test;
  v1::UploadKycReply first;
  v1::UploadKycReply second;
  REQUIRE_THAT(test.Upload(test.kAnn, test.Documents({APdf(), APdf()}), first), IsOk());
  CHECK(first.documents(0).id() == first.documents(1).id());
  REQUIRE_THAT(test.Upload(test.kAnn, test.Documents({APdf()}), second), IsOk());
  CHECK(second.documents(0).id() == first.documents(0).id());
  CHECK(test.Count("kyc_documents") == "1");
  CHECK(test.objects().Keys().size() == 1);
  // Another user's copy is another document.
  REQUIRE_THAT(test.Upload(test.kBob, test.Documents({APdf()}), second), IsOk());
  CHECK(second.documents(0).id() != first.documents(0).id());
  CHECK(test.objects().Keys().size() == 2);
}

TEST_CASE("an upload under a key is answered again, also after the review, and another one under it refused") {
  KycUnderTest test;
  v1::UploadKycReply first;
  v1::UploadKycReply again;
  const v1::UploadKycRequest request = test.Documents({APdf(), APng()});
  REQUIRE_THAT(test.Upload(test.kAnn, request, first, "k"), IsOk());
  REQUIRE_THAT(test.Review("approve"), IsOk());
  REQUIRE_THAT(test.Upload(test.kAnn, request, again, "k"), IsOk());
  CHECK(again.SerializeAsString() == first.SerializeAsString());
  CHECK_THAT(test.Upload(test.kAnn, test.Documents({AJpeg()}), again, "k"), HasReason(Reason::kIDEMPOTENCY_CONFLICT));
  CHECK_THAT(test.Upload(test.kAnn, request, again, "another"), HasReason(Reason::kKYC_APPROVED));
  CHECK(test.Count("kyc_documents") == "2");
  type::v1::File file;
  for (const v1::KycDocument& document : first.documents()) {
    CHECK_THAT(test.Open(test.kAnn, document.id(), file), IsOk());
  }
}

TEST_CASE("many uploads of one document at once store it once, and leave nothing behind") {
  KycUnderTest test;
  std::vector<std::int64_t> ids(6);
  std::vector<std::thread> threads;
  for (std::int64_t& id : ids) {
    threads.emplace_back([&] {
      v1::UploadKycReply reply;
      if (test.Upload(test.kAnn, test.Documents({APdf()}), reply).ok()) id = reply.documents(0).id();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(ids.front() > 0);
  CHECK(std::count(ids.begin(), ids.end(), ids.front()) == static_cast<std::ptrdiff_t>(ids.size()));
  CHECK(test.objects().Keys().size() == 1);
  CHECK(test.Count("kyc_unfinished_objects") == "0");
  CHECK(test.Count("kyc_history") == "1");
}

TEST_CASE("of two decisions at once one holds") {
  KycUnderTest test;
  REQUIRE_THAT(test.Upload(test.kAnn, APdf()), IsOk());
  std::vector<absl::Status> outcomes(2);
  std::thread approving([&] { outcomes[0] = test.Review("approve"); });
  std::thread rejecting([&] { outcomes[1] = test.Review("reject", "no"); });
  approving.join();
  rejecting.join();
  CHECK(outcomes[0].ok() != outcomes[1].ok());
  CHECK_THAT(outcomes[0].ok() ? outcomes[1] : outcomes[0], HasReason(Reason::kKYC_NOT_PENDING));
  CHECK(test.Count("kyc_history") == "2");
}

TEST_CASE("bad documents are refused with their fields, and nothing is stored") {
  KycUnderTest test;
  v1::UploadKycReply reply;
  v1::UploadKycRequest request = test.Documents({APdf(), AJpeg() + testing::AZip()});
  request.mutable_documents(0)->set_document_type("'; drop table auth.users; --");
  const absl::Status refused = test.Upload(test.kAnn, request, reply);
  CHECK_THAT(refused, NamesField("documents[0].document_type"));
  CHECK_THAT(refused, NamesField("documents[1].content"));
  CHECK_THAT(test.Upload(test.kAnn, {}, reply), NamesField("documents"));
  CHECK_THAT(test.Upload(0, test.Documents({APdf()}), reply), HasReason(Reason::kUNAUTHENTICATED));
  CHECK(test.objects().Keys().empty());
  CHECK(test.Count("kyc_documents") == "0");
  CHECK(test.Status(test.kAnn).status() == "not_submitted");
}

TEST_CASE("a user has fifty documents at most") {
  KycUnderTest test;
  for (int i = 0; i < 10; ++i) {
    v1::UploadKycReply reply;
    std::vector<std::string> contents;
    for (int k = 0; k < 5; ++k) contents.push_back(APdf(fmt::format("{} {}", i, k)));
    REQUIRE_THAT(test.Upload(test.kAnn, test.Documents(contents), reply), IsOk());
  }
  CHECK_THAT(test.Upload(test.kAnn, APdf("one more")), NamesField("documents"));
  CHECK(test.Count("kyc_documents") == "50");
}

TEST_CASE("when the document store is down nothing is stored, and what was begun is swept") {
  KycUnderTest test;
  test.objects().Fail(absl::UnavailableError("down"));
  CHECK_THAT(test.Upload(test.kAnn, APdf()), HasReason(Reason::kUNAVAILABLE));
  CHECK(test.Status(test.kAnn).status() == "not_submitted");
  CHECK(test.Count("kyc_unfinished_objects") == "1");
  test.objects().Fail(absl::OkStatus());
  CHECK(*test.kyc().Sweep() == 0);  // it may still be on its way
  test.database().Execute("update auth.kyc_unfinished_objects set begun_at = begun_at - interval '2 hours'");
  CHECK(*test.kyc().Sweep() == 1);
  CHECK(test.Count("kyc_unfinished_objects") == "0");
}

TEST_CASE("an object whose transaction failed is swept, one whose document stands is not") {
  KycUnderTest test;
  REQUIRE_THAT(test.Upload(test.kAnn, APdf("kept")), IsOk());
  test.database().Execute("alter table auth.kyc_documents add constraint no_more check (id < 2)");
  CHECK_FALSE(test.Upload(test.kAnn, APdf("lost")).ok());
  CHECK(test.objects().Keys().size() == 2);
  // As if the note of the kept one had come back.
  test.database().Execute(
      "insert into auth.kyc_unfinished_objects (object_key) select object_key from auth.kyc_documents");
  test.database().Execute("update auth.kyc_unfinished_objects set begun_at = begun_at - interval '2 hours'");
  CHECK(*test.kyc().Sweep() == 1);
  REQUIRE(test.objects().Keys().size() == 1);
  type::v1::File file;
  CHECK_THAT(test.Open(test.kAnn, 1, file), IsOk());
}

TEST_CASE("a content that was changed where it lies is not handed out") {
  KycUnderTest test;
  v1::UploadKycReply reply;
  REQUIRE_THAT(test.Upload(test.kAnn, test.Documents({APdf()}), reply), IsOk());
  test.objects().At(test.objects().Keys().front()).back() ^= 1;
  type::v1::File file;
  CHECK_THAT(test.Open(test.kAnn, reply.documents(0).id(), file), HasReason(Reason::kINTERNAL));
  CHECK(file.content().empty());
}

TEST_CASE("administrators see who waits, the longest waiting first") {
  KycUnderTest test;
  CHECK(test.List().total() == 0);
  REQUIRE_THAT(test.Upload(test.kBob, APdf()), IsOk());
  REQUIRE_THAT(test.Upload(test.kAnn, APng()), IsOk());
  const v1::ListKycReply waiting = test.List("pending");
  REQUIRE(waiting.submissions_size() == 2);
  CHECK(waiting.submissions(0).user_id() == test.kBob);
  CHECK(waiting.submissions(1).user_id() == test.kAnn);
  CHECK(waiting.submissions(1).documents_size() == 1);
  CHECK(waiting.submissions(1).documents(0).content_type() == "image/png");
  REQUIRE_THAT(test.Review("approve"), IsOk());
  CHECK(test.List("pending").total() == 1);
  CHECK(test.List("approved").submissions(0).username() == "ann");
  CHECK(test.List().total() == 2);
}

}  // namespace
}  // namespace papertape::auth

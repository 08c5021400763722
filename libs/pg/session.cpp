#include "libs/pg/session.h"

#include <libpq-fe.h>

#include <exception>

#include "libs/status/status.h"

namespace papertape::pg {
namespace {

// Statements are fixed texts of the stores; past this many, somebody pastes values into them.
constexpr std::size_t kPreparedMax = 512;

// A text with a zero byte, which PostgreSQL cannot hold and libpq would cut off silently.
class UnstorableText : public std::exception {};

std::vector<const char*> Pointers(const std::vector<Param>& params) {
  std::vector<const char*> pointers;
  pointers.reserve(params.size());
  for (const Param& param : params) {
    const std::optional<std::string>& text = param.text();
    if (text && text->find('\0') != std::string::npos) throw UnstorableText();
    pointers.push_back(text ? text->c_str() : nullptr);
  }
  return pointers;
}

// One line of COPY's text format.
struct CopyRow {
  const std::vector<Param>& values;
};

void AppendCopyText(std::string_view text, std::string& line) {
  for (const char c : text) {
    switch (c) {
      case '\0':
        throw UnstorableText();
      case '\\':
        line += "\\\\";
        break;
      case '\t':
        line += "\\t";
        break;
      case '\n':
        line += "\\n";
        break;
      case '\r':
        line += "\\r";
        break;
      default:
        line += c;
    }
  }
}

// How pqxx::stream_to prints a row, found by the type of ours: its own ways know rows of a fixed length only.
std::string separated_list(const char* separator, const CopyRow& row, pqxx::internal::TypedCopyEscaper /*theirs*/) {
  std::string line;
  for (const Param& value : row.values) {
    if (&value != row.values.data()) line += separator;
    if (value.text()) {
      AppendCopyText(*value.text(), line);
    } else {
      line += "\\N";
    }
  }
  return line;
}

}  // namespace

void ForbidReconnecting(pqxx::connection_base& connection) {
  // Deprecated because libpqxx 7 has dropped reconnecting, and this with it.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
}

void Connection::SendCopy(std::string_view data) {
  PGconn* const raw = policy_.raw();
  if (PQputCopyData(raw, data.data(), static_cast<int>(data.size())) != 1 || PQputCopyEnd(raw, nullptr) != 1) {
    throw pqxx::broken_connection(PQerrorMessage(raw));
  }
}

void Connection::FinishCopies(const std::vector<CopyTarget>& targets) {
  PGconn* const raw = policy_.raw();
  using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;
  Result failed(nullptr, &PQclear);
  auto target = targets.begin();
  SendCopy((target++)->rows.Finish());
  while (Result result{PQgetResult(raw), &PQclear}) {
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN && target != targets.end()) {
      SendCopy((target++)->rows.Finish());
    } else if (status != PGRES_COMMAND_OK) {
      failed = std::move(result);
    }
  }
  if (PQstatus(raw) != CONNECTION_OK) throw pqxx::broken_connection(PQerrorMessage(raw));
  if (failed) {
    const char* const state = PQresultErrorField(failed.get(), PG_DIAG_SQLSTATE);
    throw pqxx::sql_error(PQresultErrorMessage(failed.get()), "COPY", state);
  }
}

class PqxxTransaction : public Transaction {
 public:
  PqxxTransaction(pqxx::transaction_base& transaction, Session& session)
      : transaction_(transaction), session_(session) {}

  Rows Exec(std::string_view sql, const std::vector<Param>& params) override {
    const std::string name(session_.Prepare(sql));
    const auto pointers = Pointers(params);
    const auto dynamic = pqxx::prepare::make_dynamic_params(pointers);
    return Rows(std::make_shared<const pqxx::result>(name.empty() ? transaction_.exec_params(std::string(sql), dynamic)
                                                                  : transaction_.exec_prepared(name, dynamic)));
  }

  void Copy(std::string_view table, const std::vector<std::string>& columns,
            const std::vector<std::vector<Param>>& rows) override {
    pqxx::stream_to stream(transaction_, std::string(table), columns);
    for (const std::vector<Param>& row : rows) stream << CopyRow{row};
    stream.complete();
  }

  void CopyBinary(const std::vector<CopyTarget>& targets) override {
    if (targets.empty()) return;
    std::string command;
    for (const CopyTarget& target : targets) {
      command += "copy " + std::string(target.table) + " from stdin (format binary);";
    }
    transaction_.exec(command);
    session_.connection_.FinishCopies(targets);
  }

 private:
  pqxx::transaction_base& transaction_;
  Session& session_;
};

Session::Session(const std::string& connection_string) : connection_(connection_string), quiet_(connection_) {
  ForbidReconnecting(connection_);
  connection_.set_verbosity(pqxx::connection_base::verbose);  // names the violated constraint
}

std::unique_ptr<Session> Session::Open(const std::string& connection_string, Failure& failure) {
  try {
    return std::make_unique<Session>(connection_string);
  } catch (const pqxx::pqxx_exception& exception) {
    failure = FailureOf(exception);
    return nullptr;
  }
}

std::string_view Session::Prepare(std::string_view sql) {
  auto found = prepared_.find(sql);
  if (found == prepared_.end() && prepared_.size() < kPreparedMax) {
    found = prepared_.emplace(sql, "s" + std::to_string(prepared_.size())).first;
    connection_.prepare(found->second, found->first);
  }
  running_ = found == prepared_.end() ? std::string_view() : found->first;
  return found == prepared_.end() ? std::string_view() : found->second;
}

Failure Session::RunIn(pqxx::transaction_base& transaction, const Work& work, bool& started) {
  started = true;
  PqxxTransaction ours(transaction, *this);
  const absl::Status status = work(ours);
  if (status.ok()) {
    transaction.commit();
  } else {
    transaction.abort();
  }
  return {status};
}

Failure Session::Attempt(Access access, const Work& work, bool& started) {
  started = false;
  running_ = {};
  Failure failure;
  try {
    if (access == Access::kReadOnly) {
      pqxx::transaction<pqxx::repeatable_read, pqxx::read_only> transaction(connection_);
      return RunIn(transaction, work, started);
    }
    pqxx::work transaction(connection_);
    return RunIn(transaction, work, started);
  } catch (const UnstorableText&) {
    return {Error(Reason::kINVALID_ARGUMENT, "A text holds characters that cannot be stored.")};
  } catch (const pqxx::pqxx_exception& exception) {
    failure = FailureOf(exception, running_);
  }
  // libpqxx has no word of its own for some ways to lose a connection.
  if (!connection_.is_open()) failure = {Error(Reason::kUNAVAILABLE), Remedy::kReconnect};
  return failure;
}

}  // namespace papertape::pg

// papertape-admin: what the operator of an installation tells a running suite. Reads SECRET_KEY, which proves who asks,
// PAPERTAPE_AUTH_ADDRESS, PAPERTAPE_MARKET_DATA_ADDRESS and PAPERTAPE_TRADE_ENGINE_ADDRESS.
#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "cli/commands.h"
#include "cli/ingest_command.h"
#include "cli/ledger_commands.h"
#include "cli/replay_command.h"
#include "libs/config/settings.h"
#include "libs/status/status.h"

namespace {

// The options of `ingest`, read into `options`.
CLI::App* AddIngest(CLI::App& app, papertape::cli::IngestOptions& options) {
  CLI::App* const ingest =
      app.add_subcommand("ingest", "Get daily bars from the providers, the days that have none, or bars from a file");
  CLI::Option* const symbols = ingest->add_option("SYMBOL", options.symbols, "such as AAPL or ^GSPC; up to 500");
  ingest->add_option("--start", options.start, "first day, 2020-01-31; the year 2000 unless given");
  ingest->add_option("--end", options.end, "last day; today unless given");
  ingest->add_option("--provider", options.provider, "whom to ask, and nobody else; all in their order unless given");
  ingest->add_flag("--detach", options.detach, "print the job's number and do not wait for it");
  CLI::Option* const csv =
      ingest->add_option("--csv", options.csv, "a file with the columns symbol,date,open,high,low,close,volume")
          ->check(CLI::ExistingFile)
          ->excludes(symbols);
  ingest->add_flag("--dry-run", options.dry_run, "say what would come of the file, write nothing")->needs(csv);
  ingest->add_flag("--overwrite", options.overwrite, "bars that are there become what the file says")->needs(csv);
  ingest->add_option("--symbol", options.symbol, "of all lines, where the file has no such column")->needs(csv);
  ingest->add_option("--interval", options.interval, "of the file's bars: 1m, 5m, 15m, 30m, 1h or 1d")->needs(csv);
  ingest->add_option("--time-zone", options.time_zone, "of the file's times: UTC, America/New_York, +05:30")
      ->needs(csv);
  ingest->callback([=] {
    if (symbols->count() + csv->count() == 0) throw CLI::RequiredError("SYMBOL or --csv");
  });
  return ingest;
}

// `ledger` and what was read for it.
struct LedgerWords {
  papertape::cli::VerifyOptions verification;
  bool write = false;
  std::int64_t user_id = 0;
  std::int64_t session = 0;
  const CLI::App *verify = nullptr, *rebuild = nullptr, *show = nullptr;

  [[nodiscard]] bool parsed() const { return verify->parsed() || rebuild->parsed() || show->parsed(); }
  int Run(papertape::cli::LedgerClient& engine) const {
    using namespace papertape::cli;
    if (verify->parsed()) return VerifyLedger(engine, verification);
    return rebuild->parsed() ? RebuildLedger(engine, write) : ShowLedger(engine, user_id, session);
  }
};

void AddLedger(CLI::App& app, LedgerWords& words) {
  CLI::App* const ledger = app.add_subcommand("ledger", "Check, repair and print the books of all paper accounts");
  ledger->require_subcommand(1);
  CLI::App* const verify = ledger->add_subcommand("verify", "Check that nobody has changed the event log");
  verify->add_option("--heads", words.verification.heads_out, "write the head of every account to this file");
  verify->add_option("--expect", words.verification.expect, "a file written so earlier: the log must still hold it")
      ->check(CLI::ExistingFile);
  CLI::App* const rebuild = ledger->add_subcommand("rebuild", "Compare every stored row with what the events make");
  rebuild->add_flag("--write", words.write, "make the accounts that differ again; the trade engine starts anew");
  CLI::App* const show = ledger->add_subcommand("show", "Print the entries of one account, like a bank statement");
  show->add_option("USER", words.user_id, "the user's number")->required();
  show->add_option("--session", words.session, "of the market; 0, the live one, unless given");
  words.verify = verify;
  words.rebuild = rebuild;
  words.show = show;
}

// What is asked of a replay.
struct Replay {
  papertape::cli::ReplayOptions options;
  std::string step = "price";
  std::function<int(papertape::cli::SessionClient&)> run;
};

CLI::App* AddReplay(CLI::App& app, Replay& asked) {
  using namespace papertape::cli;
  CLI::App* const replay = app.add_subcommand("replay", "Turn the suite's market back to recorded days");
  const auto range = CLI::Range(std::int64_t{1}, std::int64_t{1'000});
  replay->add_option("RANGE", asked.options.range, "2008-10-01..2008-10-31, or one day");
  replay->add_option("--speed", asked.options.speed, "times faster than life, 1 to 1000")->check(range);
  replay->add_flag("--paused", asked.options.paused, "the clock stands at first: resume, or step");
  replay->add_flag("--follow", asked.options.follow, "show how far it is, until the end of the tape");
  replay->add_flag("--yes", asked.options.yes, "begin without asking");
  asked.run = [&](SessionClient& suite) { return StartReplay(suite, asked.options); };
  const auto add = [&](const char* name, const char* what, const std::function<int(SessionClient&)>& run) {
    CLI::App* const command = replay->add_subcommand(name, what);
    command->callback([&asked, run] { asked.run = run; });
    return command;
  };
  add("status", "Say which market the suite is in, and its time", ShowReplay);
  add("pause", "Stop the market's clock", PauseReplay);
  add("resume", "Let it go on", ResumeReplay);
  add("end", "Go back to the live market; prints a digest of the session's events", EndReplay);
  add("speed", "Make it go faster or slower",
      [&](SessionClient& suite) { return SetReplaySpeed(suite, asked.options.speed); })
      ->add_option("N", asked.options.speed, "times faster than life, 1 to 1000")
      ->required()
      ->check(range);
  add("step", "Pause it and move it on", [&](SessionClient& suite) {
    return StepReplay(suite, asked.step);
  })->add_option("BY", asked.step, "price: to the next price; or 30s, 15m, 1h, 1d");
  replay->callback([=, &asked] {
    if (asked.options.range.empty() && replay->get_subcommands().empty()) throw CLI::RequiredError("RANGE");
  });
  return replay;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace papertape;

  CLI::App app("What the operator of an installation tells a running suite.", "papertape");
  app.require_subcommand(1);

  std::string email;
  std::string role = "admin";
  CLI::App* const admin = app.add_subcommand("admin", "Give a registered user another role");
  admin->add_option("EMAIL", email, "the user's e-mail address")->required();
  admin->add_option("--role", role, "user, author or admin")
      ->check(CLI::IsMember({"user", "author", "admin"}))
      ->capture_default_str();

  std::string expected_hash;
  std::string audited;
  int size = 20;
  CLI::App* const audit = app.add_subcommand("audit", "Read the audit log");
  audit->require_subcommand(1);
  CLI::App* const verify = audit->add_subcommand("verify", "Check that nobody has changed the log; prints its head");
  verify->add_option("--expect", expected_hash, "a head printed earlier, which the log must still hold");
  CLI::App* const list = audit->add_subcommand("list", "Print the newest entries, the newest last");
  list->add_option("--user", audited, "only by or about the user with this e-mail address");
  list->add_option("--size", size, "how many")->check(CLI::Range(1, 100'000))->capture_default_str();

  cli::IngestOptions ingestion;
  const CLI::App* const ingest = AddIngest(app, ingestion);
  Replay asked;
  const CLI::App* const replay = AddReplay(app, asked);

  LedgerWords ledger;
  AddLedger(app, ledger);

  CLI11_PARSE(app, argc, argv);

  Settings settings = Settings::FromEnvironment();
  const std::string secret = settings.Secret("SECRET_KEY", 32);
  const std::string address = settings.Text("PAPERTAPE_AUTH_ADDRESS", "127.0.0.1:50051");
  const std::string market_address = settings.Text("PAPERTAPE_MARKET_DATA_ADDRESS", "127.0.0.1:50052");
  const std::string engine_address = settings.Text("PAPERTAPE_TRADE_ENGINE_ADDRESS", "127.0.0.1:50053");
  if (const absl::Status mistakes = settings.Check(); !mistakes.ok()) return cli::Refused(mistakes);

  if (ingest->parsed()) {
    cli::MarketClient market(market_address, secret);
    return cli::Ingest(market, ingestion);
  }
  if (ledger.parsed()) {
    cli::LedgerClient engine(engine_address, secret);
    return ledger.Run(engine);
  }
  if (replay->parsed()) {
    cli::SessionClient market(market_address, engine_address, secret);
    return asked.run(market);
  }
  cli::OperatorClient suite(address, secret);
  if (admin->parsed()) return cli::SetRole(suite, email, role);
  if (verify->parsed()) return cli::VerifyAudit(suite, expected_hash);
  if (list->parsed()) return cli::ListAudit(suite, audited, size);
  return 2;
}

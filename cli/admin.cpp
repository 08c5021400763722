// papertape-admin: what the operator of an installation tells a running suite. Reads SECRET_KEY, which proves who asks,
// PAPERTAPE_AUTH_ADDRESS and PAPERTAPE_MARKET_DATA_ADDRESS.
#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/commands.h"
#include "cli/ingest_command.h"
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

  CLI11_PARSE(app, argc, argv);

  Settings settings = Settings::FromEnvironment();
  const std::string secret = settings.Secret("SECRET_KEY", 32);
  const std::string address = settings.Text("PAPERTAPE_AUTH_ADDRESS", "127.0.0.1:50051");
  const std::string market_address = settings.Text("PAPERTAPE_MARKET_DATA_ADDRESS", "127.0.0.1:50052");
  if (const absl::Status mistakes = settings.Check(); !mistakes.ok()) return cli::Refused(mistakes);

  if (ingest->parsed()) {
    cli::MarketClient market(market_address, secret);
    return cli::Ingest(market, ingestion);
  }
  cli::OperatorClient suite(address, secret);
  if (admin->parsed()) return cli::SetRole(suite, email, role);
  if (verify->parsed()) return cli::VerifyAudit(suite, expected_hash);
  if (list->parsed()) return cli::ListAudit(suite, audited, size);
  return 2;
}

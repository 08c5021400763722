// papertape-admin: what the operator of an installation tells a running suite. Reads SECRET_KEY, which proves who asks,
// and PAPERTAPE_AUTH_ADDRESS.
#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/commands.h"
#include "libs/config/settings.h"
#include "libs/status/status.h"

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

  CLI11_PARSE(app, argc, argv);

  Settings settings = Settings::FromEnvironment();
  const std::string secret = settings.Secret("SECRET_KEY", 32);
  const std::string address = settings.Text("PAPERTAPE_AUTH_ADDRESS", "127.0.0.1:50051");
  if (const absl::Status mistakes = settings.Check(); !mistakes.ok()) return cli::Refused(mistakes);

  cli::OperatorClient suite(address, secret);
  if (admin->parsed()) return cli::SetRole(suite, email, role);
  if (verify->parsed()) return cli::VerifyAudit(suite, expected_hash);
  if (list->parsed()) return cli::ListAudit(suite, audited, size);
  return 2;
}

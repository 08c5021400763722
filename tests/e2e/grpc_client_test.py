"""The services over gRPC, by a Python client that has the protos alone.

Runs against the suite that tests/e2e/with_suite started: SUITE_STATE names the directory of its e2e.json. Needs protoc
with the Python plugin (protobuf-compiler, protobuf-compiler-grpc) and python3-grpcio.
"""

import base64
import glob
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

import grpc

with open(os.path.join(os.environ["SUITE_STATE"], "e2e.json"), encoding="utf-8") as file:
    SUITE = json.load(file)

PORTS = {"auth": 51, "market_data": 52, "trade_engine": 53, "portfolio": 54, "signal": 55, "notification": 56}
DEADLINE_S = 10
MICROS = 1_000_000


def compile_protos():
    """Makes Python modules of every proto, and makes them importable."""
    out = tempfile.mkdtemp(prefix="papertape-protos-")
    protos = SUITE["protos"]
    files = [os.path.relpath(path, protos) for path in glob.glob(f"{protos}/**/*.proto", recursive=True)]
    plugin = "--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin"
    subprocess.run(["protoc", f"-I{protos}", f"--python_out={out}", f"--grpc_python_out={out}", plugin, *files],
                   check=True)
    sys.path.insert(0, out)


compile_protos()


def messages(service, file):
    return importlib.import_module(f"papertape.{service}.v1.{file}_pb2")


def stub(service, file, name):
    """A stub of one gRPC service, on the port of the suite's service."""
    channel = grpc.insecure_channel(f"127.0.0.1:{SUITE['ports'] + PORTS[service]}")
    return getattr(importlib.import_module(f"papertape.{service}.v1.{file}_pb2_grpc"), name + "Stub")(channel)


auth = messages("auth", "auth_service")
AUTH = stub("auth", "auth_service", "AuthService")


def register(**fields):
    fields.setdefault("email", f"{uuid.uuid4().hex}@example.com")
    fields.setdefault("password", "correct horse")
    return AUTH.Register(auth.RegisterRequest(**fields), timeout=DEADLINE_S)


def login(email, password="correct horse"):
    return AUTH.Login(auth.LoginRequest(email=email, password=password), timeout=DEADLINE_S)


class User:
    """A new user, signed in."""

    def __init__(self):
        self.id = register(email=(email := f"{uuid.uuid4().hex}@example.com")).id
        self.email = email
        self.token = login(email).access_token

    def call(self, method, request):
        return method(request, timeout=DEADLINE_S, metadata=[("authorization", f"Bearer {self.token}")])


class GrpcClientTest(unittest.TestCase):
    def refused(self, code, function, *arguments):
        with self.assertRaises(grpc.RpcError) as raised:
            function(*arguments)
        self.assertEqual(raised.exception.code(), code, raised.exception.details())
        return raised.exception

    def test_register_and_sign_in(self):
        user = User()
        me = user.call(AUTH.GetMe, auth.GetMeRequest())
        self.assertEqual((me.id, me.email, me.role, me.is_active), (user.id, user.email, "user", True))
        verified = user.call(AUTH.VerifyToken, auth.VerifyTokenRequest())
        self.assertTrue(verified.valid)
        self.assertGreater(verified.expires_at.seconds, time.time())

    def test_refusals_of_credentials(self):
        user = User()
        self.refused(grpc.StatusCode.ALREADY_EXISTS, lambda: register(email=user.email))
        self.refused(grpc.StatusCode.UNAUTHENTICATED, login, user.email, "wrong horse")
        self.refused(grpc.StatusCode.UNAUTHENTICATED, login, "nobody@example.com")
        error = self.refused(grpc.StatusCode.INVALID_ARGUMENT, lambda: register(email="nobody", password="short"))
        self.assertIn("email", error.details())

    def test_refusals_of_tokens(self):
        user = User()
        head, body, signature = user.token.split(".")
        none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
        forged = ("A" if signature[0] != "A" else "B") + signature[1:]
        for token in (f"{none}.{body}.", f"{none}.{body}.{signature}", f"{head}.{body}.{forged}", "nonsense", ""):
            user.token = token
            self.refused(grpc.StatusCode.UNAUTHENTICATED, user.call, AUTH.GetMe, auth.GetMeRequest())

    def test_the_same_key_answers_the_same_user(self):
        request = auth.RegisterRequest(email=f"{uuid.uuid4().hex}@example.com", password="correct horse")
        key = [("idempotency-key", uuid.uuid4().hex)]
        first = AUTH.Register(request, timeout=DEADLINE_S, metadata=key)
        again = AUTH.Register(request, timeout=DEADLINE_S, metadata=key)
        self.assertEqual(first, again)
        request.password = "another horse"
        self.refused(grpc.StatusCode.ABORTED, lambda: AUTH.Register(request, timeout=DEADLINE_S, metadata=key))

    def test_a_program_exchanges_its_key_and_does_what_its_scopes_say(self):
        owner = User()
        keys = stub("auth", "api_key_service", "ApiKeyService")
        kinds = messages("auth", "api_key_service")
        key = owner.call(keys.CreateApiKey, kinds.CreateApiKeyRequest(name="bot", scopes=["read"]))
        exchange = kinds.ExchangeApiKeyRequest(id=key.id, secret=key.secret)
        program = User()
        program.token = keys.ExchangeApiKey(exchange, timeout=DEADLINE_S).access_token
        self.assertEqual(program.call(AUTH.GetMe, auth.GetMeRequest()).id, owner.id)
        trades = stub("trade_engine", "trade_service", "TradeService")
        engine = messages("trade_engine", "trade_service")
        program.call(trades.ListTrades, engine.ListTradesRequest())
        error = self.refused(grpc.StatusCode.PERMISSION_DENIED, program.call, trades.CreateTrade,
                             engine.CreateTradeRequest(symbol="AAPL", trade_type=engine.TRADE_TYPE_BUY,
                                                       quantity={"micros": MICROS}))
        self.assertIn("`trade`", error.details())
        owner.call(keys.RevokeApiKey, kinds.RevokeApiKeyRequest(id=key.id))
        self.refused(grpc.StatusCode.UNAUTHENTICATED, lambda: keys.ExchangeApiKey(exchange, timeout=DEADLINE_S))

    def test_services_themselves_refuse_users_what_is_the_operators_or_an_administrators(self):
        user = User()
        admin = stub("auth", "admin_service", "AdminService")
        kinds = messages("auth", "admin_service")
        for method, request in ((admin.SetRole, kinds.SetRoleRequest(email=user.email, role="admin")),
                                (admin.VerifyAudit, kinds.VerifyAuditRequest()),
                                (admin.ListAuditForOperator, kinds.ListAuditRequest()),
                                (admin.ListAudit, kinds.ListAuditRequest())):
            self.refused(grpc.StatusCode.PERMISSION_DENIED, user.call, method, request)
        forged = [("x-papertape-service", "0" * 64)]
        self.refused(grpc.StatusCode.PERMISSION_DENIED, lambda: admin.SetRole(
            kinds.SetRoleRequest(email=user.email, role="admin"), timeout=DEADLINE_S, metadata=forged))

    def test_a_trade_reaches_portfolio_and_feed(self):
        """Buys with a stop that is already crossed: the next tick closes the trade, and the feed tells it."""
        user = User()
        accounts = stub("trade_engine", "account_service", "AccountService")
        trades = stub("trade_engine", "trade_service", "TradeService")
        engine = messages("trade_engine", "trade_service")
        account = user.call(accounts.CreatePortfolio,
                            messages("trade_engine", "account_service").CreatePortfolioRequest())
        self.assertEqual(account.user_id, user.id)

        portfolio = messages("portfolio", "portfolio_service")
        holdings = stub("portfolio", "portfolio_service", "PortfolioService")
        kept = user.call(trades.CreateTrade, engine.CreateTradeRequest(
            symbol="AAPL", trade_type=engine.TRADE_TYPE_BUY, quantity={"micros": 2 * MICROS}))
        position = user.call(holdings.ListCurrentPositions, portfolio.ListCurrentPositionsRequest()).positions[0]
        self.assertEqual((position.id, position.symbol, position.quantity.micros),
                         (kept.trade_id, "AAPL", 2 * MICROS))
        self.assertEqual(position.average_price, kept.entry_price)
        self.assertEqual(position.unrealized_pnl.micros,
                         2 * (position.current_price.micros - kept.entry_price.micros))
        stats = user.call(holdings.GetStats, portfolio.GetStatsRequest())
        self.assertEqual(stats.positions_count, 1)
        self.assertEqual(stats.total_value.micros,
                         account.available_margin.micros + stats.total_unrealized_pnl.micros)

        stopped = user.call(trades.CreateTrade, engine.CreateTradeRequest(
            symbol="AAPL", trade_type=engine.TRADE_TYPE_BUY, quantity={"micros": MICROS},
            stop_loss={"micros": 2 * kept.entry_price.micros}))
        feed = self.feed_until(user, lambda entries: any(entry.type == "trade_auto_closed" for entry in entries))
        self.assertEqual([entry.seq for entry in feed], list(range(len(feed), 0, -1)))
        alert = next(entry for entry in feed if entry.type == "trade_auto_closed")
        self.assertRegex(alert.message, r"^Stop loss triggered for AAPL at \$\d+\.\d{2,6}: (profit|loss|no profit)")
        self.assertEqual(json.loads(alert.data)["trade"]["trade_id"], stopped.trade_id)
        self.assertEqual({entry.type for entry in feed}, {"portfolio_created", "trade_created", "trade_auto_closed"})
        self.mark_read(user, alert)

    def feed_until(self, user, holds):
        """The user's feed, as soon as `holds` says so of it."""
        notification = messages("notification", "notification_service")
        notifications = stub("notification", "notification_service", "NotificationService")
        end = time.monotonic() + 30
        while True:
            entries = user.call(notifications.ListNotifications,
                                notification.ListNotificationsRequest()).notifications
            if holds(entries):
                return entries
            self.assertLess(time.monotonic(), end, f"the feed still is {entries}")
            time.sleep(0.05)

    def mark_read(self, user, entry):
        notification = messages("notification", "notification_service")
        notifications = stub("notification", "notification_service", "NotificationService")
        request = notification.MarkReadRequest(id=entry.id)
        self.refused(grpc.StatusCode.NOT_FOUND, User().call, notifications.MarkRead, request)
        self.assertTrue(user.call(notifications.MarkRead, request).is_read)
        before = user.call(notifications.ListNotifications, notification.ListNotificationsRequest()).unread_count
        updated = user.call(notifications.MarkAllRead, notification.MarkAllReadRequest()).updated
        self.assertEqual(updated, before)

    def test_lists_of_signals_and_formulas_are_empty_pages(self):
        user = User()
        signals = user.call(stub("signal", "signal_service", "SignalService").ListSignals,
                            messages("signal", "signal_service").ListSignalsRequest())
        self.assertEqual((signals.total, signals.page, signals.size), (0, 1, 20))
        formulas = user.call(stub("signal", "formula_service", "FormulaService").ListFormulas,
                             messages("signal", "formula_service").ListFormulasRequest())
        self.assertEqual((formulas.total, formulas.page, formulas.size), (0, 1, 20))


if __name__ == "__main__":
    unittest.main()

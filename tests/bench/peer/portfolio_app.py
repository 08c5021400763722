"""GET /portfolio/{user_id} as FastAPI's own documentation would write it: FastAPI, SQLAlchemy, psycopg2, PyJWT.

Reads the trade engine's table, so both answer the same account. Settings: DATABASE_URL, SECRET_KEY.
"""
import os
from datetime import datetime

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlalchemy import BigInteger, Column, DateTime, Numeric, Text, create_engine
from sqlalchemy.orm import Session, declarative_base, sessionmaker

engine = create_engine(os.environ["DATABASE_URL"], pool_size=20, max_overflow=20)
SessionLocal = sessionmaker(bind=engine, autoflush=False, expire_on_commit=False)
bearer = HTTPBearer()
app = FastAPI()


class Account(declarative_base()):
    __tablename__ = "accounts"
    __table_args__ = {"schema": "trade_engine"}
    user_id = Column(BigInteger, primary_key=True)
    portfolio_id = Column(Text)
    available = Column(Numeric(20, 6, asdecimal=False))
    utilized = Column(Numeric(20, 6, asdecimal=False))
    realized_pnl = Column(Numeric(20, 6, asdecimal=False))
    created_at = Column(DateTime(timezone=True))
    updated_at = Column(DateTime(timezone=True))


class Portfolio(BaseModel):
    portfolio_id: str
    user_id: int
    available_margin: float
    utilized_margin: float
    total_pnl: float
    last_updated: datetime
    created_at: datetime


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def current_user(credentials: HTTPAuthorizationCredentials = Depends(bearer)) -> int:
    try:
        claims = jwt.decode(credentials.credentials, os.environ["SECRET_KEY"], algorithms=["HS256"])
    except jwt.PyJWTError:
        raise HTTPException(status_code=401, detail="Invalid token")
    return int(claims["sub"])


@app.get("/portfolio/{user_id}", response_model=Portfolio)
def get_portfolio(user_id: int, caller: int = Depends(current_user), db: Session = Depends(get_db)):
    if user_id != caller:
        raise HTTPException(status_code=403, detail="Not your portfolio")
    account = db.query(Account).filter(Account.user_id == user_id).first()
    if account is None:
        raise HTTPException(status_code=404, detail="Portfolio not found")
    return Portfolio(portfolio_id=account.portfolio_id, user_id=account.user_id, available_margin=account.available,
                     utilized_margin=account.utilized, total_pnl=account.realized_pnl,
                     last_updated=account.updated_at, created_at=account.created_at)


@app.get("/health")
def health():
    return {"status": "ok"}

-- Proof of who a user is: how far the review is, the documents (their contents are objects elsewhere, sealed), and every
-- change of the status. A user without a row has submitted nothing.
create table kyc_cases (
    user_id bigint primary key constraint kyc_cases_user references users (id),
    status text not null check (status in ('not_submitted', 'pending', 'approved', 'rejected')),
    reason text,
    submitted_at timestamptz,
    reviewed_at timestamptz,
    reviewed_by bigint references users (id)
);
create index kyc_cases_waiting on kyc_cases (status, submitted_at);

create table kyc_documents (
    id bigint generated always as identity primary key,
    user_id bigint not null references kyc_cases (user_id),
    document_type text not null,
    uploaded_at timestamptz not null default now(),
    file_url text,
    file_name text,
    content_type text,
    size bigint,
    sha256 text,
    object_key text unique,
    constraint kyc_documents_file_or_address
        check ((file_url is null) = (object_key is not null) and num_nulls(file_name, content_type, size, sha256, object_key) in (0, 5)),
    unique (user_id, sha256),
    unique (user_id, file_url)
);

create table kyc_history (
    id bigint generated always as identity primary key,
    user_id bigint not null references kyc_cases (user_id),
    from_status text not null,
    to_status text not null,
    changed_by bigint not null,
    reason text,
    changed_at timestamptz not null default now()
);
create index kyc_history_user on kyc_history (user_id, id);

-- Objects that are being written: noted before, taken out by the transaction that stores their document. What stays is
-- what a failure has left behind.
create table kyc_unfinished_objects (
    object_key text primary key,
    begun_at timestamptz not null default now()
);

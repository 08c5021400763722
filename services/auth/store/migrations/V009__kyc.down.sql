drop table kyc_unfinished_objects;
drop table kyc_history;
drop table kyc_documents;
drop table kyc_cases;

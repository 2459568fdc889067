create table orders (
  id          bigint generated always as identity primary key,
  customer    text   not null,
  total_cents bigint not null
);
insert into orders (customer, total_cents) values ('ada', 1200), ('bob', 350);

CREATE TABLE shop_order (title text NOT NULL);

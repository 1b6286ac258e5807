-- SPDX-License-Identifier: GPL-3.0-or-later
INSERT INTO orders (what) SELECT repeat(md5(random()::text), 5) FROM generate_series(1, 5000);

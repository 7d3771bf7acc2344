CREATE TABLE `task_runs` (
	`name` text NOT NULL,
	`started_at` integer NOT NULL,
	`duration_ms` integer,
	`result` text NOT NULL,
	`problem` text,
	`correlation_id` text NOT NULL,
	PRIMARY KEY(`name`, `started_at`)
);
--> statement-breakpoint
CREATE TABLE `task_states` (
	`name` text PRIMARY KEY NOT NULL,
	`next_at` integer DEFAULT 0 NOT NULL,
	`wanted_at` integer,
	`paused_at` integer,
	`started_at` integer,
	`run_id` text,
	`lease_until` integer,
	`failures` integer DEFAULT 0 NOT NULL
);

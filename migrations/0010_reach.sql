CREATE TABLE `agent_names` (
	`agent_id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`asks` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `relay_usage` (
	`day` text NOT NULL,
	`person_id` text NOT NULL,
	`bytes` integer NOT NULL,
	PRIMARY KEY(`day`, `person_id`),
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);

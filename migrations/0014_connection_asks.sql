CREATE TABLE `connection_asks` (
	`person_id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`asks` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);

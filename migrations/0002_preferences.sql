CREATE TABLE `preferences` (
	`person_id` text PRIMARY KEY NOT NULL,
	`audio_languages` text NOT NULL,
	`subtitle_languages` text NOT NULL,
	`subtitles` text NOT NULL,
	`subtitle_size_percent` integer NOT NULL,
	`most_height_pixels` integer,
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `title_choices` (
	`person_id` text NOT NULL,
	`title_id` text NOT NULL,
	`audio_track_id` integer,
	`subtitle` text,
	PRIMARY KEY(`person_id`, `title_id`),
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`title_id`) REFERENCES `titles`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `subtitle_asks` (
	`person_id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`asks` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);

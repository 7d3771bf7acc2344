CREATE INDEX `title_choices_by_title` ON `title_choices` (`title_id`);
